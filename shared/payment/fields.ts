import * as v from 'valibot'
import { beijingCompact } from '../clock.js'
import { invalidParam, type OpenapiError } from '../errors/index.js'
import { MAX_FEN } from '../money.js'
import { choice, integer, object, optional, text } from '../operation/fields.js'
import { type Rule, ruled } from '../operation/rules.js'
import { providerIds, type Scene } from './provider.js'

/** Texts that every provider's wire can carry: no control characters, and no half of a character. */
export const WRITABLE = /^[^\p{Cc}\p{Cs}]*$/u

export const outTradeNo = text({
  max: 64,
  pattern: /^[A-Za-z0-9_|*-]+$/,
  like: 'your own order number, 6 to 32 letters, digits or underscores',
})

export const transactionId = text({
  max: 64,
  pattern: /^[A-Za-z0-9]+$/,
  like: "the provider's number of the payment",
})

/** Fen; `fen()` gives it its type where it is used. */
export const totalFee = integer(1, MAX_FEN, 'a whole number of fen, such as 100 for one yuan')

export const outRefundNo = text({
  max: 64,
  pattern: /^[A-Za-z0-9_|*@-]+$/,
  like: 'your own number of the refund, at most 64 letters, digits or underscores',
})

export const refundId = text({
  max: 64,
  pattern: /^\w+$/,
  like: "the provider's number of the refund",
})

/** Fen. */
export const refundFee = integer(1, MAX_FEN, 'how much is given back, a whole number of fen')

export const refundDesc = text({
  max: 256,
  pattern: WRITABLE,
  like: 'why, as the payer sees it, at most 80 characters (256 for Alipay)',
})

export const feeType = text({ pattern: /^[A-Z]{3}$/, like: 'a currency such as CNY' })

export const body = text({ max: 128, pattern: WRITABLE, like: 'what the payer sees, at most 128 characters' })

export const attach = text({ max: 127, pattern: WRITABLE, like: 'at most 127 characters of your own data' })

export const openid = text({
  max: 128,
  pattern: /^[\w-]+$/,
  like: 'the openid that authCode2Session answered',
})

export const payToken = text({
  max: 128,
  pattern: /^[\w-]+$/,
  like: 'the payToken that createOrder answered',
})

export const billDate = text({
  pattern: /^20\d{4}(\d{2})?$/,
  like: 'a day as yyyyMMdd, such as 20260131, or a month of Alipay as yyyyMM',
})

export const billDay = text({ pattern: /^20\d{6}$/, like: 'a day as yyyyMMdd, such as 20260131' })

export const billWord = text({ max: 32, pattern: /^\w+$/, like: "one of the provider's own words" })

/** Bills always travel packed and are unpacked here, whether this is said or not. */
export const tarType = choice(['GZIP'], 'WeChat Pay packs the file; it is unpacked here')

export const provider = choice(providerIds)

export const mchId = text({
  max: 32,
  pattern: /^\d+$/,
  like: "the merchant's id, or for Alipay the application's",
})

/** Minutes. */
export const expireMinutes = integer(
  1,
  7 * 24 * 60,
  'after how many minutes an unpaid order dies, 1 to 10080',
)

/** `yyyyMMddHHmmss` or `yyyy-MM-dd HH:mm:ss` in Beijing, or RFC 3339: as V2, Alipay and V3 write it. */
const MOMENT = /^(20\d\d)-?(\d\d)-?(\d\d)[ T]?(\d\d):?(\d\d):?(\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/

/** Milliseconds since the epoch; undefined for a text that is no time, or one that there is not. */
function instantOf(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, zone = '+08:00'] = MOMENT.exec(text) ?? []
  const digits = `${year}${month}${day}${hour}${minute}${second}`
  const inZone = (offset: string) =>
    Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`)
  const ms = inZone(zone)
  // Date.parse makes March of the 30th of February.
  return Number.isFinite(ms) && beijingCompact(inZone('+08:00')) === digits ? ms : undefined
}

/** A time, which becomes milliseconds since the epoch. */
export const moment = (like: string) =>
  v.pipe(
    text({ max: 40, like }),
    v.check((value) => instantOf(value) !== undefined, `expected ${like}`),
    v.transform((value) => instantOf(value) ?? 0),
  )

/** Absolute and without a query: providers cut queries off, or refuse them. */
export const notifyUrl = text({
  max: 255,
  pattern: /^https?:\/\/[^\s?#]+$/,
  like: 'an absolute URL without a query string',
})

/** How many of several to pass over. */
export const offset = integer(0, 1000, 'how many refunds to pass over, from 0 to 1000')

const IP_ADDRESS = /^[0-9a-fA-F.:]{2,45}$/

export const payerIp = text({ pattern: IP_ADDRESS, like: "the payer's IP address" })

/** WeChat Pay requires an address. Where none is known (a server's call) 127.0.0.1 stands for 'unknown'. */
export const payerIpOf = (ip: string | undefined): string =>
  ip !== undefined && IP_ADDRESS.test(ip) ? ip : '127.0.0.1'

/** An order has to be named by at least one of its numbers. */
export const orderNamed: Rule<{ outTradeNo?: unknown; transactionId?: unknown }> = (value) =>
  value.outTradeNo === undefined && value.transactionId === undefined
    ? ['outTradeNo', 'required, or transactionId']
    : undefined

/** A refund by any number of its own or of its order. */
export const refundNamed: Rule<
  Partial<Record<'outTradeNo' | 'transactionId' | 'outRefundNo' | 'refundId', unknown>>
> = ({ outRefundNo, refundId, outTradeNo, transactionId }) =>
  (outRefundNo ?? refundId ?? outTradeNo ?? transactionId) === undefined
    ? ['outRefundNo', 'required, or one of outTradeNo, transactionId and refundId']
    : undefined

/** An order as a server names it, and whose it is. */
export const namedOrder = ruled(
  object({
    outTradeNo: optional(outTradeNo),
    transactionId: optional(transactionId),
    provider: optional(provider),
    mchId: optional(mchId),
  }),
  orderNamed,
)

/** Where a payer is, by uniCloud's names (`PLATFORM`). */
const scenes = {
  'mp-weixin': 'mini',
  'mp-alipay': 'mini',
  app: 'app',
  'app-plus': 'app',
  h5: 'h5',
  web: 'h5',
  native: 'native',
} as const satisfies Record<string, Scene>

export type ClientType = keyof typeof scenes

const clientTypes = Object.keys(scenes) as ClientType[]

export const clientType = choice(clientTypes)

/** The same by WeChat Pay's own words (`tradeType`). */
const tradeScenes = { JSAPI: 'mini', APP: 'app', NATIVE: 'native', MWEB: 'h5', H5: 'h5' } as const

export const tradeType = choice(
  Object.keys(tradeScenes) as (keyof typeof tradeScenes)[],
  "WeChat Pay's word for clientType",
)

/** The scene that a `tradeType` asks for, if there is one. INVALID_PARAM where the call's own `clientType` is another's. */
export function sceneOfTrade(
  tradeType: keyof typeof tradeScenes | undefined,
  clientType: ClientType | undefined,
): Scene | undefined {
  if (tradeType === undefined) return undefined
  const scene = tradeScenes[tradeType]
  if (clientType === undefined || scenes[clientType] === scene) return scene
  throw invalidParam('tradeType', `${tradeType} is not paid in ${clientType}; give one of the two`)
}

/** A client type, whoever names it. INVALID_PARAM. */
export function knownClientType(name: unknown): ClientType {
  const known = clientTypes.find((type) => type === name)
  if (known) return known
  throw invalidParam('clientType', `expected one of ${clientTypes.join(', ')}`)
}

/** The scene of a payment. Without a client type a payer with an openid counts as in a mini program. INVALID_PARAM. */
export function sceneOf(clientType: unknown, openid?: string): Scene {
  if (clientType === undefined) return openid === undefined ? 'app' : 'mini'
  return scenes[knownClientType(clientType)]
}

/** What some of uniCloud's databases take for an id of their own (doc.dcloud.net.cn/uniCloud/price.html). */
export const isIdLike = (number: string): boolean => /^([0-9a-f]{24}|\d{24})$/i.test(number)

/** Refuses a new number of that kind; what is there under one already stays as it is. */
export const idLike = (field: string): OpenapiError =>
  invalidParam(
    field,
    'not exactly 24 hexadecimal or decimal digits, which the database of this uniCloud space takes for an id of its own and may change; one digit more or less will do',
  )
