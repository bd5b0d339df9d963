import net, { type AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { type LocalPlatformsOptions, startLocalPlatforms } from '../../../tools/emulator/platforms/index.js'
import type { Fields } from '../../payment/house.js'
import { ORDER_NO, openShop, type Provider, type Shop } from '../../payment/shop.js'
import { type HandClock, handClock } from '../../support/clock.js'

/** A notice of the local platforms, byte for byte as it came over the socket. */
export interface Captured {
  /** The local platforms'. */
  clock: HandClock
  shop: Shop
  /** The settings that it verifies with. */
  env: Record<string, string>
  merchantId: string
  raw: Buffer
  body: Buffer
  /** The same call with another body, as a proxy would send it on. */
  as(body: string | Buffer): Buffer
}

/** Has an order paid at the local platforms, and takes the notice from the wire. */
export async function capture(
  t: Test,
  provider: Provider,
  options: LocalPlatformsOptions = {},
): Promise<Captured> {
  const clock = handClock()
  const own = await startLocalPlatforms({ ...options, clock, provider })
  t.teardown(() => own.close())
  const shop = await openShop(t, provider, { platforms: own })
  const { platforms, house } = shop
  const merchantId = provider === 'alipay' ? platforms.alipay.account.appId : platforms.merchant.mchId
  const wire = await tapped(t)
  await shop.place()
  const { orderInfo } = await house.server('getOrderInfo', {
    outTradeNo: ORDER_NO,
    clientType: provider === 'alipay' ? 'mp-alipay' : 'mp-weixin',
    notifyUrl: `${wire.url}/pay/verifyPaymentNotify/${provider}/${merchantId}`,
  })
  await platforms.requestPayment(orderInfo as Fields)
  const raw = await wire.request
  const at = raw.indexOf('\r\n\r\n') + 4
  const head = raw.toString('latin1', 0, at)
  const as = (body: string | Buffer) => {
    const bytes = Buffer.from(body as Buffer)
    const own = head.replace(/content-length: \d+/i, `Content-Length: ${bytes.length}`)
    return Buffer.concat([Buffer.from(own, 'latin1'), bytes])
  }
  return { clock, shop, env: platforms.settings(provider), merchantId, raw, body: raw.subarray(at), as }
}

/** Everything that comes over the first connection, which is thanked for in all three languages at once. */
async function tapped(t: Test): Promise<{ url: string; request: Promise<Buffer> }> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const request = new Promise<Buffer>((resolve) => {
    server.on('connection', (socket) => {
      const parts: Buffer[] = []
      socket.on('error', () => undefined)
      socket.on('data', (part) => {
        parts.push(part)
        const all = Buffer.concat(parts)
        const length = Number(/content-length: (\d+)/i.exec(all.toString('latin1'))?.[1])
        if (all.length < all.indexOf('\r\n\r\n') + 4 + length) return
        socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n')
        resolve(all)
      })
    })
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, request }
}
