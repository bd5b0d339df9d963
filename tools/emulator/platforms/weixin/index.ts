import { nonce } from '../../../../shared/clock.js'
import type { Api, Platform } from '../contract.js'
import type { PayContext } from '../weixin-pay/index.js'
import { weixinApi } from './api.js'
import { authEntries, phoneNumber } from './apis/auth.js'
import { linkEffects } from './apis/links.js'
import { quotaEntry } from './apis/quota.js'
import { securityEntries } from './apis/security.js'
import { shippingEffects } from './apis/shipping.js'
import { squareCode, wxacodeEntries } from './apis/wxacode.js'
import { declaredEntries, type Effects } from './declared.js'
import { documentedOpenids } from './documented.js'
import type { Entry, WeixinContext } from './entry.js'
import { PhoneCodes, type WeixinPhoneNumber } from './phoneCodes.js'
import { type MessagePush, messagePush, pushTarget } from './push/push.js'
import { ShippingOrders } from './shippingOrders.js'
import { Tokens } from './tokens.js'

/** The APIs with tables of their own: what they refuse has WeChat's own codes. */
const tabled: readonly Entry[] = [...authEntries, ...securityEntries, ...wxacodeEntries]

/** What an API that is declared by a function does beyond giving the answer of its example. */
const effects: Effects = {
  ...{ '/cgi-bin/wxaapp/createwxaqrcode': squareCode, '/wxa/business/getuserphonenumber': phoneNumber },
  ...linkEffects,
  ...shippingEffects,
}

/** Paths that only WeChat has, so that a call of an API that is not here learns so from WeChat's own answer. */
const WEIXIN_PATH = /^\/(cgi-bin|wxa|wxaapi|sns|datacube|cv|product|shop|card|semantic)\//

const unknownApi: Api = {
  name: 'weixin.unknown',
  path: '*',
  faults: [],
  serves: ({ path, query }) => query.access_token !== undefined || WEIXIN_PATH.test(path),
  answer: ({ method, path }) => ({
    status: 200,
    headers: { 'content-type': 'application/json; encoding=utf-8' },
    body: JSON.stringify({
      errcode: 404,
      errmsg: `not in the local WeChat: ${method} ${path}; GET /twin lists what is`,
    }),
  }),
}

export interface Weixin extends Platform {
  readonly tokens: Tokens
  readonly messages: MessagePush
  /** A fresh code for one login of that user, as `wx.login` gives it. */
  login(name: string): string
  /** What the phone number button of that user gives to a page. */
  phoneNumber(name: string): WeixinPhoneNumber
}

/** The local api.weixin.qq.com for one mini program. */
export function weixin(base: PayContext): Weixin {
  const context: WeixinContext = {
    ...base,
    tokens: new Tokens(base.clock, base.random),
    messages: messagePush(base),
    usedCodes: new Set(),
    codes: [],
    links: [],
    phoneCodes: new PhoneCodes(base),
    shipping: new ShippingOrders(base.ledger, base.merchant.mchId),
  }
  for (const openid of documentedOpenids()) context.weixinUsers.welcome({ openid })
  const entries = [...tabled, ...declaredEntries(new Set(tabled.map(({ path }) => path)), effects)]
  const counts = new Map<string, number>()
  return {
    name: 'weixin',
    apis: [
      ...[...entries, quotaEntry(entries, counts, base.clock)].map((entry) =>
        weixinApi(entry, context, counts),
      ),
      unknownApi,
    ],
    targets: [pushTarget],
    tokens: context.tokens,
    messages: context.messages,
    phoneNumber: (name) => context.phoneCodes.give(context.weixinUsers.named(name)),
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
    state: () => ({ people: context.weixinUsers.list(), codes: context.codes, links: context.links }),
  }
}
