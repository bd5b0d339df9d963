import { fenIn } from '../yuan.js'
import type { AlipayWorld } from './entry.js'
import type { Fields } from './form.js'
import { refused, wrongParameter } from './refusal.js'
import {
  beijingTime,
  type Content,
  isAmount,
  isDateTime,
  matching,
  type Rules,
  textIn,
  upTo,
} from './rules.js'
import { statusOf, type Trade, type TradeWish } from './trade.js'

const MINUTE_MS = 60_000
const units: Readonly<Record<string, number>> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: 24 * 60 * MINUTE_MS }

/** An order that says nothing of it closes after this. */
const USUAL_LIFE_MS = 15 * 24 * 60 * MINUTE_MS

/** What an order has to be, wherever it comes from. */
export const orderRules: Rules = {
  out_trade_no: { required: true, accepts: matching(/^\w{1,64}$/) },
  total_amount: { required: true, accepts: isAmount },
  subject: { required: true, accepts: upTo(256) },
  product_code: { accepts: matching(/^[A-Z_]+$/) },
  body: { accepts: upTo(128) },
  seller_id: { accepts: matching(/^2088\d{12}$/) },
  timeout_express: { accepts: matching(/^([1-9]\d*[mhd]|1c)$/) },
  time_expire: { accepts: isDateTime },
  // Percent-encoded once before it is put into the JSON, or Alipay would take it apart.
  passback_params: { accepts: matching(/^[\w.!~*'()%+-]{1,512}$/) },
}

/** The order that these parameters ask for. Throws what is wrong with it. */
export function wishOf(
  content: Content,
  { notify_url: notifyUrl }: Fields,
  product: TradeWish['product'],
  { account, clock }: AlipayWorld,
): TradeWish {
  const [passbackParams, body] = [textIn(content, 'passback_params'), textIn(content, 'body')]
  if ((textIn(content, 'seller_id') ?? account.sellerId) !== account.sellerId)
    throw wrongParameter('seller_id')
  const expiresAt = expiryOf(content, clock.now())
  if (expiresAt <= clock.now()) throw wrongParameter('time_expire')
  return {
    product,
    outTradeNo: textIn(content, 'out_trade_no') ?? '',
    totalFee: fenIn(textIn(content, 'total_amount') ?? ''),
    subject: textIn(content, 'subject') ?? '',
    expiresAt,
    fingerprint: fingerprint(content),
    ...(passbackParams === undefined ? {} : { passbackParams }),
    ...(body === undefined ? {} : { body }),
    ...(notifyUrl ? { notifyUrl } : {}),
  }
}

function expiryOf(content: Content, now: number): number {
  const fixed = textIn(content, 'time_expire')
  if (fixed !== undefined) return beijingTime(fixed) ?? 0
  const [, count, unit = ''] = /^(\d+)([mhd])$/.exec(textIn(content, 'timeout_express') ?? '') ?? []
  const ms = Number(count) * (units[unit] ?? 0)
  if (ms > USUAL_LIFE_MS) throw wrongParameter('timeout_express')
  return now + (ms || USUAL_LIFE_MS)
}

/** The same for two objects that say the same in another order. */
const fingerprint = (content: Content): string =>
  JSON.stringify(Object.entries(content).sort(([one], [other]) => (one < other ? -1 : 1)))

/** The order of that number, if this is the same request again. Throws when it is not, or cannot be paid any more. */
export function sameTrade(
  { outTradeNo, fingerprint: wished }: TradeWish,
  world: AlipayWorld,
): Trade | undefined {
  const trade = world.trades.byOutTradeNo(outTradeNo)
  if (!trade) return undefined
  if (trade.paid) throw refused('ACQ.TRADE_HAS_SUCCESS', '交易已被支付')
  if (statusOf(trade, world.clock.now(), world.terms) === 'TRADE_CLOSED') {
    throw refused('ACQ.TRADE_HAS_CLOSE', '交易已经关闭')
  }
  if (wished !== trade.wish.fingerprint) throw refused('ACQ.CONTEXT_INCONSISTENT', '交易信息被篡改')
  return trade
}

/** The order that parameters name, if it is there; Alipay's number wins. */
export function findTrade(content: Content, { trades }: AlipayWorld): Trade | undefined {
  const [tradeNo, outTradeNo] = [textIn(content, 'trade_no'), textIn(content, 'out_trade_no')]
  if (tradeNo !== undefined) return trades.byTradeNo(tradeNo)
  if (outTradeNo !== undefined) return trades.byOutTradeNo(outTradeNo)
  throw wrongParameter('out_trade_no')
}

export function namedTrade(content: Content, world: AlipayWorld): Trade {
  const trade = findTrade(content, world)
  if (trade) return trade
  throw refused('ACQ.TRADE_NOT_EXIST', '交易不存在')
}

/** Both numbers of an order, as most answers repeat them. */
export const numbersOf = ({ tradeNo, wish }: Trade) => ({ trade_no: tradeNo, out_trade_no: wish.outTradeNo })
