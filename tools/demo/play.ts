import { nonce, systemRandom } from '../../shared/clock.js'
import { fenToYuan, restOf, sumOf } from '../../shared/money.js'
import { openMiniProgram } from './miniProgram.js'
import type { Report, RunStep } from './report.js'
import type { DemoSetup } from './setup.js'
import * as steps from './steps.js'
import { askForRefund, queryRefund, type Refund, reportRefund } from './steps.js'

/** One whole payment, from the first token to the merchant's own server, and its refund. Rejects with `StepFailed`. */
export async function playPayment(setup: DemoSetup, { step, end }: Report): Promise<void> {
  const outTradeNo = `demo${nonce(systemRandom, 12)}`
  const { platform, hasTokens } = setup.wallet
  const device = { appId: '__UNI__DEMO' }
  const phone = openMiniProgram({ endpoint: setup.cloud.url, platform, device })
  if (hasTokens) await step('token refreshed', () => steps.refreshToken(setup))
  const login = await step('logged in', () => steps.logIn(phone, setup))
  await step('order created', () => steps.createOrder(setup, outTradeNo, login))
  const orderInfo = await step('order info signed', () => steps.askOrderInfo(phone, setup, outTradeNo, login))
  const payment = await step('paid', () => steps.pay(setup, orderInfo))
  await step('callback verified', () => steps.verifyCallback(setup, payment))
  await step('order paid', () => steps.checkPaid(setup, outTradeNo))
  await step('event delivered', () => steps.deliverEvent(setup, outTradeNo))
  await step('order queried', () => steps.queryOrder(phone, setup, outTradeNo, login))
  const refunds = await giveBack(setup, outTradeNo, step)
  end(`order ${outTradeNo} is PAID; ${becameOf(refunds)}`, {
    ...{ outTradeNo, state: 'PAID', totalFee: steps.PRICE },
    refunds: refunds.map(({ outRefundNo, fee }) => ({ outRefundNo, refundFee: fee })),
    orderState: refunds.at(-1)?.leaves,
  })
}

/** What became of the money, and how the order stands by now. */
function becameOf(refunds: readonly Refund[]): string {
  const amounts = refunds.map(({ fee }) => fenToYuan(fee)).join(' and ')
  const left = restOf(steps.PRICE, sumOf(...refunds.map(({ fee }) => fee)))
  const rest = left === 0 ? 'all of it' : `${fenToYuan(left)} stayed with the merchant`
  const state = refunds.at(-1)?.leaves
  return `of its ${fenToYuan(steps.PRICE)} yuan, ${amounts} went back since, ${rest}: it is ${state} now`
}

/** A part first, and the rest where that may follow at once. */
async function giveBack(setup: DemoSetup, outTradeNo: string, step: RunStep): Promise<Refund[]> {
  const fees = setup.wallet.refunds(steps.PRICE)
  let left: number = steps.PRICE
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
    await step(`${what} accepted`, () => askForRefund(setup, refund))
    await step(`${what} reported`, () => reportRefund(setup, refund))
    await step(`${what} queried`, () => queryRefund(setup, refund))
  }
  return refunds
}
