import { unverified } from '../../alipay/exchange.js'
import { callAlipay } from '../../alipay/gateway.js'
import { userField } from '../../alipay/payer.js'
import { orderString } from '../../alipay/request.js'
import { beijingDateTime } from '../../clock.js'
import type { AlipayApp } from '../../config/alipayApp.js'
import { invalidParam } from '../../errors/index.js'
import { fenToYuan } from '../../money.js'
import { omitUndefined } from '../../operation/operation.js'
import { type OrderRequest, type ProviderDependencies, payerOf } from '../provider.js'
import { saidIn } from './said.js'

/** What `uni.requestPayment` takes: the trade number in a mini program, the signed order string in an app. */
export async function orderInfo(
  app: AlipayApp,
  dependencies: ProviderDependencies,
  request: OrderRequest,
): Promise<string> {
  if (request.totalFee === 0) throw invalidParam('totalFee', 'expected at least 1 fen')
  if (request.currency !== 'CNY') throw invalidParam('currency', 'Alipay takes CNY here')
  return request.scene === 'app'
    ? appOrder(app, dependencies, request)
    : miniProgramOrder(app, dependencies, request)
}

/**
 * Makes the order at Alipay and answers its trade number. The same order may be asked for again: Alipay then answers
 * the same number, provided nothing about it changed. `op_app_id` is the mini program itself.
 * https://opendocs.alipay.com/mini/6039ed0c_alipay.trade.create
 */
async function miniProgramOrder(
  app: AlipayApp,
  dependencies: ProviderDependencies,
  request: OrderRequest,
): Promise<string> {
  const { fields } = await callAlipay(
    app,
    {
      method: 'alipay.trade.create',
      bizContent: {
        ...order(app, request),
        product_code: 'JSAPI_PAY',
        op_app_id: request.appId,
        ...userField('buyer_id', 'buyer_open_id', payerOf(request)),
      },
      notifyUrl: request.notifyUrl,
      repeat: 'safe',
    },
    dependencies,
  )
  const said = saidIn(fields)
  const tradeNo = said('trade_no')
  if (tradeNo === undefined || said('out_trade_no') !== request.outTradeNo) {
    throw unverified('an answer that is not about this order')
  }
  return tradeNo
}

/** Asks Alipay nothing: the order comes to be when the payer opens the cashier. https://opendocs.alipay.com/open/cd12c885_alipay.trade.app.pay */
const appOrder = (app: AlipayApp, dependencies: ProviderDependencies, request: OrderRequest): string =>
  orderString(
    app,
    {
      method: 'alipay.trade.app.pay',
      bizContent: { ...order(app, request), product_code: 'QUICK_MSECURITY_PAY' },
      notifyUrl: request.notifyUrl,
    },
    dependencies.clock.now(),
  )

const order = ({ sellerId }: AlipayApp, { outTradeNo, totalFee, body, attach, expiresAt }: OrderRequest) =>
  omitUndefined({
    out_trade_no: outTradeNo,
    total_amount: fenToYuan(totalFee),
    subject: body,
    seller_id: sellerId,
    passback_params: attach === undefined ? undefined : encodeURIComponent(attach),
    time_expire: expiresAt === undefined ? undefined : beijingDateTime(expiresAt),
  })
