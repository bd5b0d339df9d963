import { OpenapiError } from '../../shared/errors/index.js'
import { maskText } from '../../shared/runtime/log.js'
import type { Finding, Remarks, Say, Values } from './finding.js'

/** What has to be mended before a check can find out anything; another check reports it. */
export type Reason = 'clock-first' | 'store-first' | 'keys-first' | 'settings-first' | 'secret-first'

/** Thrown by a check that cannot find out anything while something else is wrong. */
export class NotYet extends Error {
  constructor(
    readonly reason: Reason,
    readonly values: Values = {},
  ) {
    super(reason)
  }
}

/** No answer came. `cause` says how the connection failed: a code of Node's, or a timeout. */
export class NoAnswer extends OpenapiError {
  constructor(
    readonly host: string,
    cause: OpenapiError,
  ) {
    const { errCode, errMsg, advice, outcome, status } = cause
    super({ errCode, errMsg, advice, outcome, status, cause })
  }

  /** Such as `ECONNREFUSED` or `CERT_HAS_EXPIRED`. */
  get lineCode(): string {
    return /\((\w+)\)/.exec(this.errMsg)?.[1] ?? 'TIMEOUT'
  }
}

/** What any check may answer in place of its own findings. */
export const skippedRemarks = {
  offline: {
    level: 'skipped',
    what: {
      en: 'left out, since --offline forbids the network',
      zh: '已跳过：--offline 不允许访问网络',
    },
  },
  unreachable: {
    level: 'skipped',
    what: {
      en: '{host} cannot be reached from here, so nothing could be found out',
      zh: '从本机无法连接 {host}，未能检查',
    },
    mend: {
      en: 'Run the doctor where the network allows it, in the cloud of the functions for example.',
      zh: '请在网络可达的环境（例如云函数所在的网络）中再次运行。',
    },
  },
  'settings-first': {
    level: 'skipped',
    what: {
      en: 'waiting until the settings this needs are in order',
      zh: '相关配置修正之后才能检查',
    },
  },
  'clock-first': {
    level: 'skipped',
    what: { en: 'waiting until the clock is right', zh: '时钟校准之后才能检查' },
  },
  'store-first': {
    level: 'skipped',
    what: { en: 'waiting until the database answers', zh: '数据库可用之后才能检查' },
  },
  'keys-first': {
    level: 'skipped',
    what: {
      en: 'waiting until the V2 key and the APIv3 key stand in their own places',
      zh: 'V2 密钥与 APIv3 密钥各归其位之后才能检查',
    },
  },
  'secret-first': {
    level: 'skipped',
    what: {
      en: 'waiting until WeChat gives {app} an access token',
      zh: '{app} 能够取得 access_token 之后才能检查',
    },
  },
  'out-of-time': {
    level: 'skipped',
    what: { en: 'took too long and was given up', zh: '耗时过长，已放弃' },
  },
  unexpected: {
    level: 'skipped',
    what: { en: 'could not be finished: {said}', zh: '未能完成：{said}' },
  },
} as const satisfies Remarks

export type SkippedCode = keyof typeof skippedRemarks

/** The finding of a check that threw. */
export function skippedBecause(error: unknown, say: Say<SkippedCode>): Finding {
  if (error instanceof NotYet) return say(error.reason, error.values)
  if (error instanceof NoAnswer) return say('unreachable', { host: error.host })
  if (error instanceof OpenapiError && /^(MISSING|INVALID)_SETTING$/.test(String(error.errCode))) {
    return say('settings-first')
  }
  return say('unexpected', { said: errorText(error) })
}

/** The text of an error in one line, tokens and signatures hidden. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return maskText(text.replace(/\s+/g, ' '), []).slice(0, 300)
}
