import { beijingRfc3339 } from '../../clock.js'
import { withExtra } from '../parameters/extra.js'
import { furtherFields, h5Scene } from '../parameters/weixinV3.js'
import {
  type ClosedFacts,
  type OrderQuery,
  type OrderRequest,
  payerOf,
  type QueryAnswer,
  type Scene,
} from '../provider.js'
import { timestampAndNonce, unlessUnknown, unverified } from '../weixin/call.js'
import {
  appFields,
  type ClientParameters,
  clientParameters,
  type MadeOrder,
  miniProgramFields,
} from '../weixin/order.js'
import {
  callV3,
  pathPart,
  readAnswer,
  requiredNumber,
  target,
  type V3Answer,
  type V3Client,
} from './client.js'
import { paymentFacts } from './facts.js'
import { requiredText } from './fields.js'
import { signLines, type V3Merchant } from './signature.js'

interface SceneRule {
  path: string
  /** The field of the answer that the client needs. */
  gives: 'prepay_id' | 'code_url' | 'h5_url'
  more?(request: OrderRequest): object
}

const scenes: Readonly<Record<Scene, SceneRule>> = {
  mini: { path: 'jsapi', gives: 'prepay_id', more: (request) => ({ payer: { openid: payerOf(request) } }) },
  app: { path: 'app', gives: 'prepay_id' },
  native: { path: 'native', gives: 'code_url' },
  h5: {
    path: 'h5',
    gives: 'h5_url',
    more: ({ payerIp, parameters }) => ({ scene_info: h5Scene(payerIp, parameters) }),
  },
}

/**
 * Makes the order at WeChat Pay and answers the client's parameters. The same order may be asked for again: WeChat
 * Pay then gives a prepay id for it again, provided nothing about it changed. A repeat moves no money.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012791897
 */
export async function makeOrder(client: V3Client, request: OrderRequest): Promise<ClientParameters> {
  const { merchant, dependencies } = client
  const scene = scenes[request.scene]
  const body = { ...orderBody(merchant, request), ...scene.more?.(request) }
  const answer = await callV3(client, {
    method: 'POST',
    target: `/v3/pay/transactions/${scene.path}`,
    body: request.extra ? withExtra(body, request.extra) : body,
    repeat: 'safe',
  })
  const given = readAnswer(answer, (fields) => requiredText(fields, scene.gives))
  const made = (prepayId: string): MadeOrder => ({
    ...{ appId: request.appId, mchId: merchant.mchId, prepayId },
    ...timestampAndNonce(dependencies),
  })
  return clientParameters(request.scene, given, {
    mini: (prepayId) => miniProgramParameters(merchant, made(prepayId)),
    app: (prepayId) => appParameters(merchant, made(prepayId)),
  })
}

const orderBody = ({ mchId }: V3Merchant, request: OrderRequest): object => ({
  appid: request.appId,
  mchid: mchId,
  description: request.body,
  out_trade_no: request.outTradeNo,
  time_expire: request.expiresAt === undefined ? undefined : beijingRfc3339(request.expiresAt),
  attach: request.attach,
  notify_url: request.notifyUrl,
  amount: { total: request.totalFee, currency: request.currency },
  ...(request.parameters && furtherFields(request.parameters, request.payerIp)),
})

/** For `wx.requestPayment`. https://pay.weixin.qq.com/doc/v3/merchant/4012365341 */
export function miniProgramParameters(merchant: V3Merchant, order: MadeOrder): ClientParameters {
  const fields = miniProgramFields(order)
  const { appId, timeStamp, nonceStr, package: prepay } = fields
  return { ...fields, signType: 'RSA', paySign: signLines(merchant, appId, timeStamp, nonceStr, prepay) }
}

/** For the app SDK, which wants the bare prepay id signed. https://pay.weixin.qq.com/doc/v3/merchant/4012365340 */
export function appParameters(merchant: V3Merchant, order: MadeOrder): ClientParameters {
  const { appId, timestamp, nonceStr, prepayId } = order
  return { ...appFields(order), sign: signLines(merchant, appId, timestamp, nonceStr, prepayId) }
}

const BY_ORDER = '/v3/pay/transactions/out-trade-no/'
const BY_TRANSACTION = '/v3/pay/transactions/id/'

/**
 * Asks for an order by either number; unpaid ones are known by ours only.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012791900
 */
export async function orderQuery(
  client: V3Client,
  { outTradeNo, transactionId }: OrderQuery,
): Promise<QueryAnswer | undefined> {
  const path =
    transactionId === undefined
      ? `${BY_ORDER}${pathPart(requiredNumber('outTradeNo', outTradeNo))}`
      : `${BY_TRANSACTION}${pathPart(transactionId)}`
  const asked = callV3(client, {
    method: 'GET',
    target: target(path, { mchid: client.merchant.mchId }),
    repeat: 'safe',
  })
  const answer = await unlessUnknown(asked, 'ORDER_NOT_EXIST', 'RESOURCE_NOT_EXISTS')
  return answer && { facts: factsAbout(client, answer, { outTradeNo, transactionId }), raw: answer.raw }
}

/** An authentic answer about another order is still no answer to this question. */
function factsAbout({ merchant }: V3Client, answer: V3Answer, { outTradeNo, transactionId }: OrderQuery) {
  const facts = readAnswer(answer, paymentFacts)
  const isAboutIt =
    facts.mchId === merchant.mchId &&
    (transactionId === undefined ? facts.outTradeNo === outTradeNo : facts.transactionId === transactionId)
  if (!isAboutIt) throw unverified('an answer about something else')
  return facts
}

/**
 * Closes an unpaid order; one that is closed already is closed.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012791901
 */
export async function closeOrder(client: V3Client, { outTradeNo }: OrderQuery): Promise<ClosedFacts> {
  const number = requiredNumber('outTradeNo', outTradeNo)
  const { mchId } = client.merchant
  const asked = callV3(client, {
    method: 'POST',
    target: `${BY_ORDER}${pathPart(number)}/close`,
    body: { mchid: mchId },
    repeat: 'safe',
  })
  await unlessUnknown(asked, 'ORDER_CLOSED')
  return { mchId, outTradeNo: number }
}
