import { createRequire } from 'node:module'
import { send } from '../network/send.js'

/** The part of `@dcloudio/uni-pay` 1.0.2 that the tests use; the package brings no types. */
export interface UniPay {
  getOrderInfo(order: Record<string, unknown>): Promise<Record<string, string>>
  orderQuery(order: Record<string, unknown>): Promise<Record<string, unknown>>
  closeOrder(order: Record<string, unknown>): Promise<Record<string, unknown>>
  refund(refund: Record<string, unknown>): Promise<Record<string, unknown>>
  refundQuery(query: Record<string, unknown>): Promise<Record<string, unknown>>
  downloadBill(query: Record<string, unknown>): Promise<Record<string, unknown>>
  downloadFundflow(query: Record<string, unknown>): Promise<Record<string, unknown>>
  verifyPaymentNotify(event: {
    body: string
    isBase64Encoded: boolean
    headers: Record<string, string>
  }): Promise<Record<string, unknown>>
}

export interface UniPayOptions {
  appId: string
  mchId: string
  key: string
  signType?: 'MD5' | 'HMAC-SHA256'
  clientType?: 'mp-weixin' | 'app-plus'
  pfx?: Buffer
}

interface HttpClientOptions {
  method: string
  data: string
  dataType: 'text'
  pfx?: Buffer
  passphrase?: string
}

const WEIXIN_PAY = 'https://api.mch.weixin.qq.com'

/**
 * uni-pay as it runs in uniCloud, its fixed host led to `url`, whose certificate `ca` vouches for. It looks for
 * `uniCloud.httpclient` and `__ctx__` in the global scope; `remove` takes them away again.
 */
export function uniPayAt(
  url: string,
  ca = '',
): { initWeixin(options: UniPayOptions): UniPay; remove(): void } {
  const scope = globalThis as { uniCloud?: unknown; __ctx__?: unknown }
  scope.uniCloud = {
    httpclient: {
      /** As much of urllib as uni-pay asks for: send a text, get a text. */
      async request(target: string, { method, data: body, pfx, passphrase }: HttpClientOptions) {
        const identity = pfx && passphrase !== undefined ? { pfx, passphrase } : {}
        const headers = { 'content-type': 'application/xml' }
        const reply = await send(target.replace(WEIXIN_PAY, url), { method, headers, body, ca, ...identity })
        return { status: reply.status, data: reply.body.toString() }
      },
    },
  }
  scope.__ctx__ = { PLATFORM: 'mp-weixin' }
  return {
    initWeixin: loaded().initWeixin,
    remove() {
      delete scope.uniCloud
      delete scope.__ctx__
    },
  }
}

interface Loaded {
  initWeixin(options: UniPayOptions): UniPay
  initAlipay(options: Record<string, unknown>): UniPay & { cancelOrder: UniPay['closeOrder'] }
}

const loaded = () => createRequire(import.meta.url)('@dcloudio/uni-pay') as Loaded

/** What uni-pay would send for one call: the address, and the body as it hands it to `uniCloud.httpclient`. */
export async function sentByUniPay(
  call: (uniPay: Loaded) => Promise<unknown>,
): Promise<{ url: string; data: unknown }> {
  const scope = globalThis as { uniCloud?: unknown; __ctx__?: unknown }
  let sent: { url: string; data: unknown } | undefined
  const request = async (url: string, { data }: { data: unknown }) => {
    sent = { url, data }
    throw new Error('recorded')
  }
  scope.uniCloud = { httpclient: { request } }
  try {
    await call(loaded())
  } catch (error) {
    if (!sent) throw error
  } finally {
    delete scope.uniCloud
  }
  if (!sent) throw new Error('uni-pay sent nothing')
  return sent
}
