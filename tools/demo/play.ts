import { nonce, systemRandom } from '../../shared/clock.js'
import { fenToYuan } from '../../shared/money.js'
import { openMiniProgram } from './miniProgram.js'
import type { Story, Teller } from './report.js'
import type { Stage } from './setup.js'
import * as scenes from './steps.js'
import { askForRefund, queryRefund, type Refund, reportRefund } from './steps.js'

/** One whole payment, from the first token to the merchant's own server, and its refund. Rejects with `StepFailed`. */
export async function playPayment(stage: Stage, { step, end }: Story): Promise<void> {
  const outTradeNo = `demo${nonce(systemRandom, 12)}`
  const { platform, hasTokens } = stage.wallet
  const device = { appId: '__UNI__DEMO' }
  const phone = openMiniProgram({ endpoint: stage.cloud.url, platform, device })
  if (hasTokens) await step('token refreshed', () => scenes.refreshToken(stage))
  const login = await step('logged in', () => scenes.logIn(phone, stage))
  await step('order created', () => scenes.createOrder(stage, outTradeNo, login))
  const orderInfo = await step('order info signed', () =>
    scenes.askOrderInfo(phone, stage, outTradeNo, login),
  )
  const payment = await step('paid', () => scenes.pay(stage, orderInfo))
  await step('callback verified', () => scenes.verifyCallback(stage, payment))
  await step('order paid', () => scenes.checkPaid(stage, outTradeNo))
  await step('event delivered', () => scenes.deliverEvent(stage, outTradeNo))
  await step('order queried', () => scenes.queryOrder(phone, stage, outTradeNo, login))
  const refunds = await giveBack(stage, outTradeNo, step)
  const amounts = refunds.map(({ fee }) => fenToYuan(fee)).join(' and ')
  end(`order ${outTradeNo} is PAID; of its ${fenToYuan(scenes.PRICE)} yuan, ${amounts} went back since`, {
    ...{ outTradeNo, state: 'PAID', totalFee: scenes.PRICE },
    refunds: refunds.map(({ outRefundNo, fee }) => ({ outRefundNo, refundFee: fee })),
    orderState: refunds.at(-1)?.leaves,
  })
}

/** A part first, and the rest where that may follow at once. */
async function giveBack(stage: Stage, outTradeNo: string, step: Teller): Promise<Refund[]> {
  const fees = stage.wallet.refunds(scenes.PRICE)
  let left: number = scenes.PRICE
  const refunds = fees.map((fee, i): Refund => {
    left -= fee
    return {
      outTradeNo,
      outRefundNo: `${outTradeNo}R${i + 1}`,
      fee,
      leaves: left === 0 ? 'REFUNDED' : 'PARTIALLY_REFUNDED',
    }
  })
  for (const [i, refund] of refunds.entries()) {
    const what = i === 0 ? 'refund' : 'rest'
    await step(`${what} accepted`, () => askForRefund(stage, refund))
    await step(`${what} reported`, () => reportRefund(stage, refund))
    await step(`${what} queried`, () => queryRefund(stage, refund))
  }
  return refunds
}
