import WxPay from 'wechatpay-node-v3'
import { send } from '../network/send.js'

const WEIXIN_PAY = 'https://api.mch.weixin.qq.com'

/** What the package asks of a way out. */
type Sender = Parameters<WxPay['createHttp']>[0]

/** `wechatpay-node-v3` with its fixed host led to `url`. It signs by itself what it believes to send there. */
export function nodeV3At(url: string, options: ConstructorParameters<typeof WxPay>[0] & object): WxPay {
  const pay = new WxPay(options as ConstructorParameters<typeof WxPay>[0])
  const ask = async (method: string, target: string, headers: Record<string, string>, body?: string) => {
    const given = body === undefined ? { method, headers } : { method, headers, body }
    const { status, body: bytes } = await send(target.replace(WEIXIN_PAY, url), given)
    const text = bytes.toString()
    return status < 300 ? { status, data: text && parsed(text) } : { status, error: text }
  }
  const sender: Sender = {
    get: (target, headers) => ask('GET', target, headers),
    post: (target, params, headers) => ask('POST', target, headers, JSON.stringify(params)),
    upload: () => Promise.reject(new Error('nothing is uploaded here')),
  }
  pay.createHttp(sender)
  return pay
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
