import { beijingCompact } from '../../clock.js'
import { invalidParam } from '../../errors/index.js'
import { extraTexts } from '../parameters/extra.js'
import { furtherFields, h5Scene } from '../parameters/weixinV2.js'
import {
  type ClosedFacts,
  type OrderQuery,
  type OrderRequest,
  payerOf,
  type QueryAnswer,
  type Scene,
  type TradeState,
  weixinTradeStates,
} from '../provider.js'
import { timestampAndNonce, unlessUnknown, unverified } from '../weixin/call.js'
import {
  appFields,
  type ClientParameters,
  clientParameters,
  type MadeOrder,
  miniProgramFields,
} from '../weixin/order.js'
import { appIdOf, callV2, type V2Client } from './client.js'
import { paymentFacts } from './facts.js'
import { signature, type V2Merchant } from './signature.js'

interface SceneRule {
  tradeType: string
  /** The field of the answer that the client needs. */
  gives: 'prepay_id' | 'code_url' | 'mweb_url'
  more?(request: OrderRequest): Readonly<Record<string, string>>
}

const scenes: Readonly<Record<Scene, SceneRule>> = {
  mini: { tradeType: 'JSAPI', gives: 'prepay_id', more: (request) => ({ openid: payerOf(request) }) },
  app: { tradeType: 'APP', gives: 'prepay_id' },
  // WeChat wants the number of a product; the order's own number needs no list of products.
  native: {
    tradeType: 'NATIVE',
    gives: 'code_url',
    more: ({ outTradeNo, parameters }) => ({ product_id: parameters?.productId ?? outTradeNo }),
  },
  h5: {
    tradeType: 'MWEB',
    gives: 'mweb_url',
    more: ({ notifyUrl, parameters }) => ({ scene_info: h5Scene(notifyUrl, parameters?.sceneInfo) }),
  },
}

/**
 * Makes the order at WeChat and answers the client's parameters: those of `wx.requestPayment` or of the app SDK, the
 * `codeUrl` to be shown as a code, or the `mwebUrl` to go to. The same order may be asked for again: WeChat then gives
 * a prepay id for it again, provided nothing about it changed.
 * https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_1
 */
export async function makeOrder(client: V2Client, request: OrderRequest): Promise<ClientParameters> {
  const { tradeType, gives, more } = scenes[request.scene]
  const { fields } = await callV2(client, {
    path: '/pay/unifiedorder',
    fields: {
      ...extraTexts(request.extra),
      appid: request.appId,
      body: request.body,
      attach: request.attach,
      out_trade_no: request.outTradeNo,
      total_fee: String(request.totalFee),
      fee_type: request.currency,
      spbill_create_ip: request.payerIp,
      time_expire: request.expiresAt === undefined ? undefined : beijingCompact(request.expiresAt),
      notify_url: request.notifyUrl,
      trade_type: tradeType,
      ...(request.parameters && furtherFields(request.parameters)),
      ...more?.(request),
    },
    repeat: 'safe',
  })
  const given = fields.get(gives)
  if (!given) throw unverified(`an order without a ${gives}`)
  const { merchant, dependencies } = client
  const made = (prepayId: string): MadeOrder => ({
    ...{ appId: request.appId, mchId: merchant.mchId, prepayId },
    ...timestampAndNonce(dependencies),
  })
  return clientParameters(request.scene, given, {
    mini: (prepayId) => miniProgramParameters(merchant, made(prepayId)),
    app: (prepayId) => appParameters(merchant, made(prepayId)),
  })
}

/** For `wx.requestPayment`, which gets the algorithm too. */
export function miniProgramParameters({ key, signType }: V2Merchant, order: MadeOrder): ClientParameters {
  const fields = { ...miniProgramFields(order), signType }
  return { ...fields, paySign: signature(Object.entries(fields), key, signType) }
}

/** For the app SDK, which knows the algorithm. */
export function appParameters({ key, signType }: V2Merchant, order: MadeOrder): ClientParameters {
  const fields = appFields(order)
  return { ...fields, sign: signature(Object.entries(fields), key, signType) }
}

/**
 * Asks for an order by either number. `result_code` SUCCESS only says that the query worked.
 * https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_2
 */
export async function orderQuery(client: V2Client, query: OrderQuery): Promise<QueryAnswer | undefined> {
  const { outTradeNo, transactionId } = query
  const number =
    transactionId === undefined ? { out_trade_no: outTradeNo } : { transaction_id: transactionId }
  const asked = callV2(client, {
    path: '/pay/orderquery',
    fields: { appid: appIdOf(client, query), ...number },
    repeat: 'safe',
  })
  const answer = await unlessUnknown(asked, 'ORDERNOTEXIST')
  if (!answer) return undefined
  const facts = paymentFacts(answer.fields, stateOf(answer.fields.get('trade_state')))
  // An authentic answer about another order is still no answer to this question.
  const isAboutIt =
    transactionId === undefined ? facts?.outTradeNo === outTradeNo : facts?.transactionId === transactionId
  if (!facts || !isAboutIt) throw unverified('an answer about something else')
  return { facts, raw: answer.raw }
}

function stateOf(text: string | undefined): TradeState {
  const known = weixinTradeStates.find((state) => state === text)
  if (known === undefined) throw unverified('a trade_state that is not known')
  return known
}

/**
 * Closes an unpaid order; one that is closed already is closed. WeChat refuses it in the first five minutes.
 * https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_3
 */
export async function closeOrder(client: V2Client, query: OrderQuery): Promise<ClosedFacts> {
  const { outTradeNo } = query
  if (outTradeNo === undefined) throw invalidParam('outTradeNo', 'required, WeChat Pay closes by it alone')
  const appid = appIdOf(client, query)
  const asked = callV2(client, {
    path: '/pay/closeorder',
    fields: { appid, out_trade_no: outTradeNo },
    repeat: 'safe',
  })
  await unlessUnknown(asked, 'ORDERCLOSED')
  return { appId: appid, mchId: client.merchant.mchId, outTradeNo }
}
