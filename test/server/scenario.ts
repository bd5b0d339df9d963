import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Test } from 'tap'
import type * as Server from '../../shared/server/index.js'
import { wallets } from '../../tools/demo/wallets.js'
import {
  type OrderInfo,
  type ProviderName,
  startLocalPlatforms,
} from '../../tools/emulator/platforms/index.js'

const require = createRequire(import.meta.url)

/** What users load: the built package. */
export const { createOpenapi, openEmbeddedStore } = require(
  join(import.meta.dirname, '..', '..', 'dist', 'server', 'index.cjs'),
) as typeof Server

/** A server of some framework with our handler in it, below `/openapi`, on a free port of loopback. */
export type Listen = (handler: Server.RequestListener) => Promise<{ url: string; close(): Promise<unknown> }>

type Fields = Record<string, unknown>

/** Calls a function by URL as a page does. */
export async function called(url: string, data: Fields, headers: Fields = {}): Promise<Fields> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(headers as Record<string, string>) },
    body: JSON.stringify(data),
  })
  return { ...((await response.json()) as Fields), status: response.status }
}

/** An order from its making to its refund, through one server: by the merchant's code, a page, and the platform. */
export async function playPayment(t: Test, listen: Listen, provider: ProviderName): Promise<void> {
  const wallet = wallets[provider]
  const platforms = await startLocalPlatforms({ provider })
  t.teardown(() => platforms.close())
  const events: Server.MerchantEvent[] = []
  const lines: string[] = []
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  let handler: Server.RequestListener = async () => undefined
  const server = await listen((request, response, next) => handler(request, response, next))
  t.teardown(() => server.close())
  const openapi = createOpenapi({
    store,
    basePath: '/openapi',
    settings: {
      ...platforms.settings(provider),
      ...{ PAYMENT_PROVIDER: provider, NOTIFY_BASE_URL: `${server.url}/openapi`, CLIENT_HTTP: 'on' },
      ...{ EVENT_TARGET: 'function:onPayment', CLIENT_ORIGINS: 'https://shop.example.com' },
    },
    functions: { onPayment: (event) => void events.push(event) },
    log: (line) => lines.push(line),
  })
  t.teardown(() => openapi.close())
  handler = openapi.handler

  const openid = wallet.openid(platforms, 'alice')
  const outTradeNo = `T${Date.now()}`
  t.match(await openapi.createOrder({ outTradeNo, totalFee: 1999, body: 'tea', openid }), { errCode: 0 })

  const url = `${server.url}/openapi`
  const platform = wallet.platform.replace('mp-', '')
  const login = await called(`${url}/authCode2Session`, { code: wallet.login(platforms, 'alice'), platform })
  t.match(login, { errCode: 0, openid, status: 200 })
  const { sessionToken } = login
  const origin = { origin: 'https://shop.example.com' }
  const info = await called(`${url}/getOrderInfo`, { outTradeNo, sessionToken }, origin)
  t.match(info, { errCode: 0 })
  t.match(
    await called(`${url}/refund`, { outTradeNo, outRefundNo: 'R', refundFee: 1, sessionToken }),
    { errCode: 'FORBIDDEN', status: 403 },
    'what moves money is for the server alone',
  )

  await platforms.requestPayment(info.orderInfo as OrderInfo)
  await platforms.tick()
  t.match(await openapi.orderQuery({ outTradeNo }), { orderState: 'PAID', totalFee: 1999 })
  await openapi.eventDispatch()
  t.match(events, [{ type: 'payment.paid', data: { outTradeNo } }])

  const refund = { outTradeNo, outRefundNo: `R${outTradeNo}`, refundFee: 500 }
  t.match(await openapi.refund(refund), { errCode: 0, refundFee: 500 })
  await t.rejects(openapi.refund({ ...refund, outRefundNo: 'R2', refundFee: 1500 }), {
    name: 'OpenapiError',
    errCode: 'REFUND_TOO_MUCH',
  })
  t.ok(lines.length > 5 && lines.every((line) => !line.includes(String(sessionToken))))
}
