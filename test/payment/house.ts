import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { type Random, systemRandom } from '../../shared/clock.js'
import type { Operation } from '../../shared/operation/index.js'
import { cancelOrder } from '../../shared/payment/operations/cancelOrder.js'
import { closeOrder } from '../../shared/payment/operations/closeOrder.js'
import { createOrder } from '../../shared/payment/operations/createOrder.js'
import { downloadBill } from '../../shared/payment/operations/downloadBill.js'
import { downloadFundflow } from '../../shared/payment/operations/downloadFundflow.js'
import { eventDispatch } from '../../shared/payment/operations/eventDispatch.js'
import { getOrderInfo } from '../../shared/payment/operations/getOrderInfo.js'
import { orderQuery } from '../../shared/payment/operations/orderQuery.js'
import { eventList } from '../../shared/payment/operations/records/eventList.js'
import { noticeList } from '../../shared/payment/operations/records/noticeList.js'
import { orderHistory } from '../../shared/payment/operations/records/orderHistory.js'
import { orderList } from '../../shared/payment/operations/records/orderList.js'
import { refund } from '../../shared/payment/operations/refund.js'
import { refundQuery } from '../../shared/payment/operations/refundQuery.js'
import { verifyPaymentNotify, verifyRefundNotify } from '../../shared/payment/operations/verifyNotify.js'
import { billReconcile } from '../../shared/payment/reconcile/billReconcile.js'
import {
  callbackFunction,
  cloudFunction,
  HOST,
  serverFunction,
  timerFunction,
} from '../../shared/runtime/index.js'
import { openSession } from '../../shared/session.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import type { OrderRecord, Store } from '../../shared/store/port.js'
import { type HandClock, handClock } from '../support/clock.js'

export const APP_ID = 'wx0123456789abcdef'
export const OPEN_APP_ID = 'wxfedcba9876543210'
export const MCH_ID = '1900000109'
export const KEY = '0123456789abcdef0123456789ABCDEF'
export const ALICE = 'oAlice-0123456789abcdefghijk'
export const EVENT_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`

type Env = Record<string, string | undefined>
export type Fields = Record<string, unknown>

/** The payment functions behind their real front door, over an embedded store, at a time the test says. */
export interface House {
  store: Store
  clock: HandClock
  /** The machine's, unless the test says otherwise. */
  random: Random
  env: Env
  /** Log lines so far, parsed. */
  log: Fields[]
  /** Calls of functions that are not ours, made through `callFunction`. */
  called: { name: string; data: Fields }[]
  /** What those calls do; they answer `{ errCode: 0 }` unless the test says otherwise. */
  onCall: (name: string, data: Fields) => Promise<unknown>
  /** Calls as the merchant's server. */
  server(operation: keyof typeof functions, data?: Fields): Promise<Fields>
  /** Calls as a user's device. */
  client(operation: keyof typeof functions, data?: Fields, about?: Fields): Promise<Fields>
  /** Fires a timer. */
  timer(operation: keyof typeof functions): Promise<Fields>
  /** A provider's URL call; answers status and body. */
  notice(body: string | Buffer, how?: NoticeWay): Promise<{ status: number; body: string }>
  /** The session token of a logged-in user. */
  login(openid?: string): Promise<string>
  order(outTradeNo: string): Promise<OrderRecord>
  /** An HTTP address that leads to `notice`; for whoever sends notices by socket. */
  listen(): Promise<string>
}

interface NoticeWay {
  /** `verifyPaymentNotify` unless said otherwise. */
  to?: 'verifyPaymentNotify' | 'verifyRefundNotify'
  path?: string
  base64?: boolean
  headers?: Record<string, string>
}

const functions = {
  createOrder: serverFunction(createOrder),
  getOrderInfo: cloudFunction(getOrderInfo),
  orderQuery: cloudFunction(orderQuery),
  closeOrder: serverFunction(closeOrder),
  cancelOrder: serverFunction(cancelOrder),
  refund: serverFunction(refund),
  refundQuery: serverFunction(refundQuery),
  orderList: serverFunction(orderList),
  orderHistory: serverFunction(orderHistory),
  eventList: serverFunction(eventList),
  noticeList: serverFunction(noticeList),
  downloadBill: serverFunction(downloadBill),
  downloadFundflow: serverFunction(downloadFundflow),
  verifyPaymentNotify: callbackFunction(verifyPaymentNotify as Operation, { timeout: 5 }),
  verifyRefundNotify: callbackFunction(verifyRefundNotify as Operation, { timeout: 5 }),
  billReconcile: timerFunction(billReconcile as Operation, { every: '1d', at: '10:30', timeout: 60 }),
  eventDispatch: timerFunction(eventDispatch, { every: '1m', timeout: 60 }),
}

const defaults: Env = {
  PAYMENT_PROVIDER: 'weixin-v2',
  WEIXIN_APP_ID: APP_ID,
  WEIXIN_OPEN_APP_ID: OPEN_APP_ID,
  WEIXIN_MCH_ID: MCH_ID,
  WEIXIN_PAY_KEY: KEY,
  NOTIFY_BASE_URL: 'https://shop.example.com/pay',
}

const NOTICE_PATH = `/weixin-v2/${MCH_ID}`

export async function openHouse(t: Test, env: Env = {}, store?: Store): Promise<House> {
  const kept = store ?? (await openEmbeddedStore())
  const closing: (() => void)[] = []
  const call = async (name: keyof typeof functions, data: Fields, about: Fields) =>
    (await functions[name].main(data, about)) as Fields
  const house: House = {
    store: kept,
    clock: handClock(),
    random: systemRandom,
    env: { ...defaults, ...env },
    log: [],
    called: [],
    onCall: async () => ({ errCode: 0 }),
    server: (name, data = {}) => call(name, data, { SOURCE: 'function' }),
    client: (name, data = {}, about = {}) =>
      call(name, data, { SOURCE: 'client', PLATFORM: 'mp-weixin', CLIENTIP: '203.0.113.7', ...about }),
    timer: (name) => call(name, {}, { SOURCE: 'timing' }),
    async notice(
      body,
      { to = 'verifyPaymentNotify', path = NOTICE_PATH, base64 = false, headers = {} } = {},
    ) {
      const bytes = Buffer.from(body as Buffer)
      const event = {
        path,
        httpMethod: 'POST',
        headers: { 'Content-Type': 'text/xml', ...headers },
        body: bytes.toString(base64 ? 'base64' : 'utf8'),
        isBase64Encoded: base64,
      }
      const answer = await call(to, event, { SOURCE: 'http' })
      return { status: Number(answer.statusCode), body: String(answer.body) }
    },
    async login(openid = ALICE) {
      const about = { store: kept, clock: house.clock, random: systemRandom }
      return (await openSession({ provider: 'weixin', appId: APP_ID, openid }, about)).sessionToken
    },
    async order(outTradeNo) {
      const [order] = await kept.orders.findByOutTradeNo(outTradeNo)
      if (!order) throw new Error(`no order ${outTradeNo}`)
      return order
    },
    listen: () => listen(house, closing),
  }
  const scope = globalThis as { [HOST]?: object }
  scope[HOST] = {
    store: kept,
    clock: house.clock,
    get random() {
      return house.random
    },
    env: house.env,
    log: (line: string) => house.log.push(JSON.parse(line)),
    callFunction: async (name: string, data: Fields) => {
      house.called.push({ name, data })
      return house.onCall(name, data)
    },
  }
  t.teardown(async () => {
    delete scope[HOST]
    for (const close of closing) close()
    await kept.close()
  })
  return house
}

async function listen(house: House, closing: (() => void)[]): Promise<string> {
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', async () => {
      const [, name, path] = /^\/(\w+)(\/.*)$/.exec(request.url ?? '') ?? []
      const to = name === 'verifyRefundNotify' ? name : 'verifyPaymentNotify'
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      )
      const way = { to, headers, base64: true, ...(path === undefined ? {} : { path }) } as const
      const answer = await house.notice(Buffer.concat(parts), way)
      response.writeHead(answer.status).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
