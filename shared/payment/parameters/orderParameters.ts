import { beijingDayStart, DAY_MS, HOUR_MS, MINUTE_MS } from '../../clock.js'
import { invalidParam } from '../../errors/index.js'

/**
 * What an order may say beside its amount and its text, in the names of uni-pay 1.x, which are those of the wire in
 * camelCase. As it is after it was checked, and as it is kept with the order: plain JSON.
 */
export interface OrderParameters {
  /** Chooses the scene where no `clientType` does. */
  tradeType?: 'JSAPI' | 'APP' | 'NATIVE' | 'MWEB' | 'H5'
  profitSharing?: boolean
  limitPay?: string[]
  goodsTag?: string
  deviceInfo?: string
  receipt?: boolean
  /** A text is JSON in V2's own names. */
  detail?: string | object
  /** A text is JSON in the provider's own names. */
  sceneInfo?: string | object
  productId?: string
  /** Milliseconds since the epoch. */
  timeStart?: number
  timeoutExpress?: string
  passbackParams?: string
  extendParams?: object
  /** Prices are yuan, as on the wire. */
  goodsDetail?: object[]
  storeId?: string
  queryOptions?: string[]
  /** Alipay's longer text: the `body` that is given beside a `subject`. */
  description?: string
}

export type ParameterName = keyof OrderParameters

/** V3 has no field for the last two, which change nothing for anybody: V2's programs go on working without them. */
export const weixinParameters: readonly ParameterName[] = [
  ...(['tradeType', 'profitSharing', 'limitPay', 'goodsTag', 'deviceInfo', 'receipt', 'detail'] as const),
  ...(['sceneInfo', 'productId', 'timeStart'] as const),
]

export const alipayParameters: readonly ParameterName[] = [
  ...(['timeoutExpress', 'passbackParams', 'extendParams', 'goodsDetail', 'storeId'] as const),
  ...(['queryOptions', 'description'] as const),
]

export const parameterNames: readonly ParameterName[] = [...weixinParameters, ...alipayParameters]

/** As they come from a caller. */
export type GivenParameters = { [Name in ParameterName]?: OrderParameters[Name] | undefined }

/** These parameters among all that was given, always in the same order; undefined where there are none. */
export function parametersIn(given: GivenParameters): OrderParameters | undefined {
  const there = parameterNames.filter((name) => given[name] !== undefined)
  return there.length === 0 ? undefined : Object.fromEntries(there.map((name) => [name, given[name]]))
}

const EXPRESS_UNITS: Readonly<Record<string, number>> = { m: MINUTE_MS, h: HOUR_MS, d: DAY_MS }

/** When an order that begins at `at` ends by a `timeoutExpress`; milliseconds since the epoch. */
export function expressEnd(timeoutExpress: string, at: number): number {
  if (timeoutExpress === '1c') return beijingDayStart(at) + DAY_MS
  return at + Number.parseInt(timeoutExpress, 10) * (EXPRESS_UNITS[timeoutExpress.slice(-1)] ?? 0)
}

/** An order says once when it ends: which of several words wins, no provider tells. INVALID_PARAM. */
export function checkEnd(given: {
  expireMinutes?: number | undefined
  timeExpire?: number | undefined
  timeoutExpress?: string | undefined
}): void {
  const [first, second] = (['expireMinutes', 'timeExpire', 'timeoutExpress'] as const).filter(
    (name) => given[name] !== undefined,
  )
  if (second) throw invalidParam(second, `${first} says already when the order ends; give one of them`)
}

interface ShownTexts {
  /** What the payer sees. */
  text: string
  /** {@link OrderParameters.description} */
  description: string | undefined
}

/** WeChat shows `body` and Alipay `subject`; where one of them is given alone, it stands for both. INVALID_PARAM. */
export function shownTexts(
  provider: string,
  { body, subject }: { body?: string | undefined; subject?: string | undefined },
): ShownTexts {
  const isAlipay = provider === 'alipay'
  const text = isAlipay ? (subject ?? body) : (body ?? subject)
  if (text === undefined) throw invalidParam(isAlipay ? 'subject' : 'body', 'required, what the payer sees')
  return { text, description: isAlipay && subject !== undefined ? body : undefined }
}
