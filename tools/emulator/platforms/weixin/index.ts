import { nonce } from '../../../../shared/clock.js'
import type { Platform, PlatformContext } from '../contract.js'
import { weixinApi } from './api.js'
import { authEntries } from './apis/auth.js'
import { quotaEntry } from './apis/quota.js'
import { securityEntries } from './apis/security.js'
import { wxacodeEntries } from './apis/wxacode.js'
import type { Entry, WeixinContext } from './entry.js'
import { type MessagePush, messagePush, pushTarget } from './push/push.js'
import { Tokens } from './tokens.js'

/** Every API the local WeChat has. A new one is a row in a table of its namespace. */
const entries: readonly Entry[] = [...authEntries, ...securityEntries, ...wxacodeEntries]

export interface Weixin extends Platform {
  readonly tokens: Tokens
  readonly messages: MessagePush
  /** A fresh code for one login of that user, as `wx.login` gives it. */
  login(name: string): string
}

/** The local api.weixin.qq.com for one mini program. */
export function weixin(base: PlatformContext): Weixin {
  const context: WeixinContext = {
    ...base,
    tokens: new Tokens(base.clock, base.random),
    messages: messagePush(base),
    usedCodes: new Set(),
  }
  const counts = new Map<string, number>()
  return {
    name: 'weixin',
    apis: [...entries, quotaEntry(entries, counts, base.clock)].map((entry) =>
      weixinApi(entry, context, counts),
    ),
    targets: [pushTarget],
    tokens: context.tokens,
    messages: context.messages,
    login(name) {
      if (!/^[^\s-]{1,32}$/u.test(name))
        throw new Error('name: expected up to 32 characters without space or -')
      return `demo-${name}-${nonce(context.random)}`
    },
    settings: ({ url }) => ({
      WEIXIN_APP_ID: context.app.appId,
      WEIXIN_APP_SECRET: context.app.secret,
      WEIXIN_OPEN_APP_ID: context.app.openAppId,
      WEIXIN_API_BASE_URL: url,
    }),
    state: () => ({ people: context.weixinUsers.list() }),
  }
}
