import { type AlipayAnswer, type AlipayClient, callAlipay } from '../../alipay/client.js'
import { orderString, userField } from '../../alipay/request.js'
import { unverified } from '../../alipay/signature.js'
import { beijingDateTime } from '../../clock.js'
import {
  CANCEL_UNFINISHED,
  invalidParam,
  OpenapiError,
  ORDER_PAID,
  openapiError,
} from '../../errors/index.js'
import { fenToYuan } from '../../money.js'
import { omitUndefined } from '../../operation/operation.js'
import { furtherFields } from '../parameters/alipay.js'
import { withExtra } from '../parameters/extra.js'
import {
  type CancelledFacts,
  type ClosedFacts,
  isPaid,
  type OrderQuery,
  type OrderRequest,
  payerOf,
  type QueryAnswer,
} from '../provider.js'
import { askedFields } from './askedFields.js'
import { type FieldReader, fieldsIn, paymentFacts, tradeState } from './facts.js'

/** What `uni.requestPayment` takes: the trade number in a mini program, the signed order string in an app. */
export async function makeOrder(client: AlipayClient, request: OrderRequest): Promise<string> {
  if (request.totalFee === 0) throw invalidParam('totalFee', 'expected at least 1 fen')
  if (request.currency !== 'CNY') throw invalidParam('currency', 'Alipay takes CNY here')
  return request.scene === 'app' ? appOrder(client, request) : miniProgramOrder(client, request)
}

/**
 * Makes the order at Alipay and answers its trade number. The same order may be asked for again: Alipay then answers
 * the same number, provided nothing about it changed. `op_app_id` is the mini program itself.
 * https://opendocs.alipay.com/mini/6039ed0c_alipay.trade.create
 */
async function miniProgramOrder(client: AlipayClient, request: OrderRequest): Promise<string> {
  const { fields } = await callAlipay(client, {
    method: 'alipay.trade.create',
    bizContent: order(client, request, {
      product_code: 'JSAPI_PAY',
      op_app_id: request.appId,
      ...userField('buyer_id', 'buyer_open_id', payerOf(request)),
    }),
    notifyUrl: request.notifyUrl,
    repeat: 'safe',
  })
  const field = fieldsIn(fields)
  const tradeNo = field('trade_no')
  if (tradeNo === undefined || field('out_trade_no') !== request.outTradeNo) {
    throw unverified('an answer that is not about this order')
  }
  return tradeNo
}

/** Asks Alipay nothing: the order comes to be when the payer opens the cashier. https://opendocs.alipay.com/open/cd12c885_alipay.trade.app.pay */
const appOrder = (client: AlipayClient, request: OrderRequest): string =>
  orderString(client, {
    method: 'alipay.trade.app.pay',
    bizContent: order(client, request, { product_code: 'QUICK_MSECURITY_PAY' }),
    notifyUrl: request.notifyUrl,
  })

/** The business parameters of an order; `product` are those of one way to pay. */
function order({ app }: AlipayClient, request: OrderRequest, product: object): object {
  const { outTradeNo, totalFee, body, attach, expiresAt, parameters, extra } = request
  const own = omitUndefined({
    out_trade_no: outTradeNo,
    total_amount: fenToYuan(totalFee),
    subject: body,
    seller_id: app.sellerId,
    passback_params: attach === undefined ? undefined : encodeURIComponent(attach),
    time_expire: expiresAt === undefined ? undefined : beijingDateTime(expiresAt),
    ...(parameters && furtherFields(parameters, request)),
    ...product,
  })
  return withExtra(own, extra)
}

/** An order's name on the wire; Alipay's own number wins where both are known. */
export function orderNumber({ outTradeNo, transactionId }: OrderQuery): Record<string, string> {
  if (transactionId !== undefined) return { trade_no: transactionId }
  if (outTradeNo !== undefined) return { out_trade_no: outTradeNo }
  throw invalidParam('outTradeNo', 'required, or transactionId')
}

/** An authentic answer about another order is still no answer to this question. */
export function checkSubject(field: FieldReader, query: OrderQuery): void {
  const isAboutIt = Object.entries(orderNumber(query)).every(([name, number]) => field(name) === number)
  if (!isAboutIt) throw unverified('an answer about another order')
}

/** The answer of a query, or nothing when Alipay, authentically, knows no such order. */
export async function unlessUnknown(asked: Promise<AlipayAnswer>): Promise<AlipayAnswer | undefined> {
  try {
    return await asked
  } catch (error) {
    if (isRefusal(error, 'ACQ.TRADE_NOT_EXIST')) return undefined
    throw error
  }
}

/** Whether Alipay, authentically, refused with one of these codes. */
const isRefusal = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof OpenapiError && codes.includes(String(error.errCode)) && error.outcome === 'failed'

/** https://opendocs.alipay.com/open/82ea786a_alipay.trade.query */
export async function orderQuery(client: AlipayClient, query: OrderQuery): Promise<QueryAnswer | undefined> {
  const { queryOptions } = query
  const bizContent = omitUndefined({ ...orderNumber(query), query_options: queryOptions })
  const call = { method: 'alipay.trade.query', bizContent, repeat: 'safe' } as const
  const answer = await unlessUnknown(callAlipay(client, call))
  if (!answer) return undefined
  const field = fieldsIn(answer.fields)
  checkSubject(field, query)
  const state = tradeState(field)
  const facts = state && paymentFacts(client.app.appId, field, state)
  if (!facts) throw unverified('an answer without what it should say')
  const sellerId = client.app.sellerId === undefined ? field('seller_id') : undefined
  return omitUndefined({ facts, raw: answer.raw, sellerId, asked: askedFields(answer.fields, queryOptions) })
}

const closed = ({ app: { appId } }: AlipayClient, field: FieldReader): ClosedFacts =>
  omitUndefined({ appId, outTradeNo: field('out_trade_no'), transactionId: field('trade_no') })

/**
 * Closes an order nobody has paid; one that is closed already is closed, of one that is paid ORDER_PAID says so. An app
 * order whose cashier nobody has opened does not exist yet and cannot be closed: only its expiry ends it.
 * https://opendocs.alipay.com/open/ce0b4954_alipay.trade.close
 */
export async function closeOrder(client: AlipayClient, query: OrderQuery): Promise<ClosedFacts> {
  const call = { method: 'alipay.trade.close', bizContent: orderNumber(query), repeat: 'safe' } as const
  try {
    const field = fieldsIn((await callAlipay(client, call)).fields)
    checkSubject(field, query)
    return closed(client, field)
  } catch (error) {
    if (!isRefusal(error, ...NOT_WAITING)) throw error
    const facts = await orderQuery(client, query).then(
      (answer) => answer?.facts,
      () => undefined,
    )
    if (facts && isPaid(facts)) throw openapiError(ORDER_PAID)
    if (facts?.tradeState !== 'CLOSED') throw error
    const { outTradeNo, transactionId } = facts
    return omitUndefined({ appId: client.app.appId, outTradeNo, transactionId })
  }
}

/** Closed or paid: which of them, these codes do not say. */
const NOT_WAITING = [
  ...['ACQ.TRADE_STATUS_ERROR', 'ACQ.TRADE_HAS_CLOSE'],
  ...['ACQ.REASON_TRADE_STATUS_INVALID', 'ACQ.REASON_ILLEGAL_STATUS'],
]

/** `retry_flag` asks for the same call again; more often than this it is not going to help. */
const MAX_CALLS = 3

/**
 * Ends a payment whose outcome is unknown: an unpaid order is closed, a paid one is given back whole. `action` says
 * which, and is absent when Alipay found no order. https://opendocs.alipay.com/open/13399511_alipay.trade.cancel
 */
export async function cancelOrder(client: AlipayClient, query: OrderQuery): Promise<CancelledFacts> {
  const call = {
    ...{ method: 'alipay.trade.cancel', bizContent: orderNumber(query) },
    ...({ repeat: 'safe', movesMoney: true } as const),
  }
  for (let calls = 1; calls <= MAX_CALLS; calls++) {
    const field = fieldsIn((await callAlipay(client, call)).fields)
    checkSubject(field, query)
    const action = field('action')
    if (field('retry_flag') !== 'Y') {
      return { ...closed(client, field), ...(action === 'close' || action === 'refund' ? { action } : {}) }
    }
  }
  throw openapiError(CANCEL_UNFINISHED)
}
