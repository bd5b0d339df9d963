import http from 'node:http'
import { createRequire } from 'node:module'

/** The part of `@dcloudio/uni-pay` 1.0.2 that the tests use; the package brings no types. */
export interface UniPay {
  getOrderInfo(order: Record<string, unknown>): Promise<Record<string, string>>
  orderQuery(order: Record<string, unknown>): Promise<Record<string, unknown>>
  closeOrder(order: Record<string, unknown>): Promise<Record<string, unknown>>
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
}

interface HttpClientOptions {
  method: string
  data: string
  dataType: 'text'
}

const WEIXIN_PAY = 'https://api.mch.weixin.qq.com'

/**
 * uni-pay as it runs in uniCloud, its fixed host led to `url`. It looks for `uniCloud.httpclient` and `__ctx__` in
 * the global scope; `remove` takes them away again.
 */
export function uniPayAt(url: string): { initWeixin(options: UniPayOptions): UniPay; remove(): void } {
  const scope = globalThis as { uniCloud?: unknown; __ctx__?: unknown }
  scope.uniCloud = {
    httpclient: {
      request: (target: string, options: HttpClientOptions) =>
        request(target.replace(WEIXIN_PAY, url), options),
    },
  }
  scope.__ctx__ = { PLATFORM: 'mp-weixin' }
  const { initWeixin } = createRequire(import.meta.url)('@dcloudio/uni-pay') as {
    initWeixin(options: UniPayOptions): UniPay
  }
  return {
    initWeixin,
    remove() {
      delete scope.uniCloud
      delete scope.__ctx__
    },
  }
}

/** As much of urllib as uni-pay asks for: send a text, get a text. */
function request(
  url: string,
  { method, data }: HttpClientOptions,
): Promise<{ status: number; data: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request(
      url,
      { method, headers: { 'content-type': 'application/xml' } },
      (response) => {
        response.setEncoding('utf8')
        let text = ''
        response.on('data', (part: string) => {
          text += part
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, data: text }))
        response.on('error', reject)
      },
    )
    outgoing.on('error', reject)
    outgoing.end(data)
  })
}
