import { beijingRfc3339 } from '../../../../shared/clock.js'
import { couponFee, type Order, type Paid, stateOf, stateTexts } from '../weixin-pay/index.js'
import type { Entry, V3World } from './entry.js'
import { V3Failure } from './failure.js'
import { anyText, type Rules, textAt } from './fields.js'

const mchid: Rules = { mchid: { required: true, accepts: anyText } }

function checkMerchant(given: string | undefined, { merchant }: V3World): void {
  if (given !== merchant.mchId) throw new V3Failure(400, 'MCH_NOT_EXISTS', '商户号不存在')
}

function found(order: Order | undefined): Order {
  if (order) return order
  throw new V3Failure(404, 'ORDER_NOT_EXIST', '订单不存在')
}

/** `GET /v3/pay/transactions/id/{transaction_id}` */
const byId: Entry = {
  name: 'weixin-pay-v3.queryById',
  method: 'GET',
  path: '/v3/pay/transactions/id/{transaction_id}',
  query: mchid,
  answer({ params: { transaction_id: id = '' }, query }, world) {
    checkMerchant(query.mchid, world)
    if (!/^\d{28}$/.test(id)) throw new V3Failure(500, 'INVALID_TRANSACTIONID', '微信支付订单号非法')
    return transaction(found(world.ledger.orders.byTransactionId(id)), world)
  },
}

/** `GET /v3/pay/transactions/out-trade-no/{out_trade_no}` */
const byOutTradeNo: Entry = {
  name: 'weixin-pay-v3.queryByOutTradeNo',
  method: 'GET',
  path: '/v3/pay/transactions/out-trade-no/{out_trade_no}',
  query: mchid,
  answer({ params: { out_trade_no: number = '' }, query }, world) {
    checkMerchant(query.mchid, world)
    return transaction(found(world.ledger.orders.byOutTradeNo(number)), world)
  },
}

/** `POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close`; unlike in V2 at any time. */
const close: Entry = {
  name: 'weixin-pay-v3.close',
  method: 'POST',
  path: '/v3/pay/transactions/out-trade-no/{out_trade_no}/close',
  body: mchid,
  answer({ params: { out_trade_no: number = '' }, body }, world) {
    checkMerchant(textAt(body, 'mchid'), world)
    const order = found(world.ledger.orders.byOutTradeNo(number))
    if (order.paid) throw new V3Failure(400, 'ORDERPAID', '该订单已支付')
    if (stateOf(order, world.clock.now()) === 'CLOSED') {
      throw new V3Failure(400, 'ORDER_CLOSED', '该订单已关闭')
    }
    order.closed = true
    return undefined
  },
}

export const queries: readonly Entry[] = [byId, byOutTradeNo, close]

/** What a query and a notice both tell of an order. Coupons make `payer_total` smaller than `total`. */
export function transaction(order: Order, { merchant, clock }: Pick<V3World, 'merchant' | 'clock'>): object {
  const { terms, paid } = order
  const state = stateOf(order, clock.now())
  return {
    appid: terms.appId,
    mchid: merchant.mchId,
    out_trade_no: terms.outTradeNo,
    trade_state: state,
    trade_state_desc: stateTexts[state],
    ...(terms.attach ? { attach: terms.attach } : {}),
    ...(terms.deviceInfo ? { scene_info: { device_id: terms.deviceInfo } } : {}),
    ...(paid ? paidFields(order, paid) : { amount: { total: terms.totalFee, currency: 'CNY' } }),
  }
}

const paidFields = ({ terms }: Order, paid: Paid): object => ({
  transaction_id: paid.transactionId,
  trade_type: terms.tradeType,
  bank_type: 'OTHERS',
  success_time: beijingRfc3339(paid.at),
  payer: { openid: paid.openid },
  amount: {
    total: terms.totalFee,
    payer_total: terms.totalFee - couponFee(paid),
    currency: 'CNY',
    payer_currency: 'CNY',
  },
  ...(paid.coupons.length > 0
    ? {
        promotion_detail: paid.coupons.map(({ id, fee }) => ({
          coupon_id: id,
          name: '代金券',
          scope: 'GLOBAL',
          type: 'CASH',
          amount: fee,
          wechatpay_contribute: 0,
          merchant_contribute: fee,
          other_contribute: 0,
          currency: 'CNY',
        })),
      }
    : {}),
})
