import { nonce, systemRandom } from '../../shared/clock/index.js'
import { openMiniProgram } from './miniProgram.js'
import * as scenes from './scenes.js'
import type { Stage } from './stage.js'
import type { Story } from './story.js'

/** One whole payment, from the first token to the merchant's own server. Rejects with `StepFailed`. */
export async function playPayment(stage: Stage, { step, end }: Story): Promise<void> {
  const outTradeNo = `demo${nonce(systemRandom, 12)}`
  const phone = openMiniProgram({ endpoint: stage.gateway.url, device: { appId: '__UNI__DEMO' } })
  await step('token refreshed', () => scenes.refreshToken(stage))
  const login = await step('logged in', () => scenes.logIn(phone, stage))
  await step('order created', () => scenes.createOrder(stage, outTradeNo, login))
  const orderInfo = await step('order info signed', () => scenes.askOrderInfo(phone, outTradeNo, login))
  const payment = await step('paid', () => scenes.pay(stage, orderInfo))
  await step('callback verified', () => scenes.verifyCallback(payment))
  await step('order paid', () => scenes.checkPaid(stage, outTradeNo))
  await step('event delivered', () => scenes.deliverEvent(stage, outTradeNo))
  await step('order queried', () => scenes.queryOrder(phone, outTradeNo, login))
  end(`order ${outTradeNo} is PAID`, { outTradeNo, state: 'PAID' })
}
