import { systemRandom } from '../../../shared/clock.js'
import { Settings } from '../../../shared/config/index.js'
import { environmentSource } from '../../../shared/config/sources.js'
import type { Http, HttpRequest } from '../../../shared/http/http.js'
import { fen } from '../../../shared/money.js'
import type { Context } from '../../../shared/operation/index.js'
import { eventDispatch } from '../../../shared/payment/operations/eventDispatch.js'
import { signature } from '../../../shared/payment/weixin-v2/signature.js'
import type { OrderRecord, Store } from '../../../shared/store/port.js'
import { readFlatXml, writeFlatXml } from '../../../shared/xml/flatXml.js'

/** One run of the minute timer over a store, with a provider that answers at once: what is left is our own work. */

const APP_ID = 'wx0123456789abcdef'
const MCH_ID = '1900000109'
const KEY = '0123456789abcdef0123456789ABCDEF'

/** Orders that are due in each run. */
export const DUE = 100

/** Milliseconds; no time passes, so that nothing is due twice. */
export const NOW = Date.UTC(2026, 10, 30, 4)

const settings = {
  ...{ PAYMENT_PROVIDER: 'weixin-v2', WEIXIN_APP_ID: APP_ID, WEIXIN_MCH_ID: MCH_ID, WEIXIN_PAY_KEY: KEY },
  ...{ NOTIFY_BASE_URL: 'https://shop.example.com/pay', EVENT_TARGET: 'function:onPayment' },
}

const outTradeNoOf = ({ body = '' }: HttpRequest): string =>
  readFlatXml(String(body)).get('out_trade_no') ?? ''

/** WeChat Pay, where nobody has paid yet. */
const http: Http = {
  async request(request) {
    const fields: [string, string][] = Object.entries({
      ...{ return_code: 'SUCCESS', result_code: 'SUCCESS', appid: APP_ID, mch_id: MCH_ID },
      ...{ nonce_str: 'b', out_trade_no: outTradeNoOf(request), trade_state: 'NOTPAY' },
    })
    const body = Buffer.from(writeFlatXml([...fields, ['sign', signature(fields, KEY, 'MD5')]]))
    return { status: 200, headers: {}, body }
  },
}

/** An order whose payer was sent to pay half a minute ago. */
const waiting = (outTradeNo: string): OrderRecord => ({
  ...{ outTradeNo, provider: 'weixin-v2', merchantId: MCH_ID, appId: APP_ID },
  ...{ openid: 'oAlice-0123456789abcdefghijk', totalFee: fen(1999), currency: 'CNY', body: 'tea' },
  ...{ state: 'PAYING', createdAt: NOW - 31_000, updatedAt: NOW - 30_000 },
  ...{ nextQueryAt: NOW, plannedAt: NOW - 30_000, queries: 0 },
  history: [{ at: NOW - 30_000, from: 'CREATED', to: 'PAYING', by: 'getOrderInfo' }],
  ...{ refunds: [], events: [], rev: 0 },
})

/** An order that was paid ten days ago, or a little later, and of which the merchant was told. */
export function settled(n: number): OrderRecord {
  const at = NOW - 10 * 24 * 3600_000 + n * 500
  const outTradeNo = `S${n}`
  const transactionId = String(4_200_000_000_000_000n * 10n ** 12n + BigInt(n))
  const { nextQueryAt: _due, plannedAt: _planned, queries: _asked, ...order } = waiting(outTradeNo)
  const data = { state: 'PAID', transactionId, totalFee: 1999, outTradeNo }
  return {
    ...order,
    ...{ state: 'PAID', createdAt: at, updatedAt: at + 9000, transactionId, cashFee: fen(1999) },
    history: [
      { at, from: 'CREATED', to: 'PAYING', by: 'getOrderInfo' },
      { at: at + 9000, from: 'PAYING', to: 'PAID', by: 'notice' },
    ],
    events: [
      {
        ...{ id: `evt_${n}`, type: 'payment.paid', data: JSON.stringify(data), createdAt: at + 9000 },
        ...{ state: 'delivered', attempts: 0, endedAt: at + 9100 },
      },
    ],
  }
}

/** Orders that fall due now. `round`: their numbers are those of no other round. */
export async function fallDue({ orders }: Store, round: number): Promise<void> {
  await Promise.all(Array.from({ length: DUE }, (_, n) => orders.create(waiting(`D${round}-${n}`))))
}

/** One run of `eventDispatch`. Rejects when it did not do what it is measured for. */
export async function oneMinute(store: Store): Promise<void> {
  const context: Context = {
    ...{ source: 'timer', hasStore: true, http, random: systemRandom, requestId: 'bench' },
    settings: new Settings([environmentSource(settings)], new Set(eventDispatch.settings)),
    clock: { now: () => NOW, sleep: async () => undefined },
    ...{ store: async () => store, timeLeft: () => 60_000, callFunction: async () => ({ errCode: 0 }) },
    ...{ note: () => undefined, upstream: () => undefined },
  }
  const { asked } = await eventDispatch.run({}, context)
  if (asked !== DUE) throw new Error(`${asked} orders were asked about, of ${DUE}`)
}
