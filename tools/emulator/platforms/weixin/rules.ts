export interface Rule {
  accepts(value: unknown): boolean
  otherwise: ErrCode
}

/** What is asked of one field. Rules that nobody describes are ignored, as WeChat does. */
interface Field {
  /** The code when it is absent; a field without it is optional. */
  missing?: ErrCode
  rules: readonly Rule[]
}

export type Rules = Readonly<Record<string, Field>>

/** Throws the code of the first rule that is broken, in the order of the table. */
export function checkRules(fields: Rules, values: Readonly<Record<string, unknown>>): void {
  for (const [name, { missing, rules }] of Object.entries(fields)) {
    const value = values[name]
    if (value === undefined || value === null || value === '') {
      if (missing !== undefined) throw new WeixinRefusal(missing)
      continue
    }
    const broken = rules.find((rule) => !rule.accepts(value))
    if (broken) throw new WeixinRefusal(broken.otherwise)
  }
}

const textRule = (test: (text: string) => boolean, otherwise: ErrCode): Rule => ({
  accepts: (value) => typeof value === 'string' && test(value),
  otherwise,
})

/** A text of at most `max` characters. */
export const upTo = (max: number, otherwise: ErrCode): Rule =>
  textRule((text) => [...text].length <= max, otherwise)

export const matching = (pattern: RegExp, otherwise: ErrCode): Rule =>
  textRule((text) => pattern.test(text), otherwise)

export const without = (part: string, otherwise: ErrCode): Rule =>
  textRule((text) => !text.includes(part), otherwise)

export const oneOf = (words: readonly string[], otherwise: ErrCode): Rule =>
  textRule((text) => words.includes(text), otherwise)

export const between = (min: number, max: number, otherwise: ErrCode): Rule => ({
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
  otherwise,
})

export const flag = (otherwise: ErrCode): Rule => ({
  accepts: (value) => typeof value === 'boolean',
  otherwise,
})

/** `{ r, g, b }`, each 0 to 255, as numbers or as decimal texts. */
export const colour = (otherwise: ErrCode): Rule => ({
  accepts: (value) => {
    const parts = value as Record<string, unknown>
    return ['r', 'g', 'b'].every(
      (part) => /^\d{1,3}$/.test(String(parts[part])) && Number(parts[part]) <= 255,
    )
  },
  otherwise,
})

/** The texts WeChat gives with its codes, without the `rid` that follows them. */
const texts = {
  [-1]: 'system error',
  404: 'not in the local WeChat',
  40001:
    'invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken',
  40002: 'invalid grant_type',
  40003: 'invalid openid',
  40004: 'invalid media type',
  40013: 'invalid appid',
  40029: 'invalid code',
  40097: 'invalid args',
  40125: 'invalid appsecret',
  40129: 'invalid scene',
  40159: 'invalid length for path, or the data is not json string',
  40164: 'invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist',
  40169: 'invalid length for scene, or the data is not json string',
  41001: 'access_token missing',
  41002: 'appid missing',
  41004: 'appsecret missing',
  41008: 'missing code',
  41030: 'invalid page',
  42001: 'access_token expired',
  43001: 'require GET method',
  43002: 'require POST method',
  44002: 'empty post data',
  44991: 'reach max api minute frequence',
  45002: 'content size out of limit',
  45009: 'reach max api daily quota limit',
  45011: 'api minute-quota reach limit, must slower, retry next minute',
  45029: 'qrcode count out of limit',
  47001: 'data format error',
  76021: 'cgi_path not found, please check',
  85096: 'scancode_time is a reserved parameter',
  87014: 'risky content',
  10060001: '支付单不存在',
  10060003: '重新发货机会已用完',
  10060023: '发货信息未更新',
  10060028: '支付单不是已发货状态',
  10060029: '签收时间非法',
  10060030: '提醒收货机会已用完',
  10060031: '支付单不属于该openid',
  10060032: '仅快递发货可提醒收货',
} as const

export type ErrCode = keyof typeof texts

/** WeChat says no. The status stays 200, as it does there. */
export class WeixinRefusal extends Error {
  constructor(
    readonly errcode: ErrCode,
    /** What follows WeChat's own text. */
    detail = '',
  ) {
    super(`${texts[errcode]}${detail}`)
  }
}
