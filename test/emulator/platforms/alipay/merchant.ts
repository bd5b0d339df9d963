import { createPrivateKey, createPublicKey, sign, verify, X509Certificate } from 'node:crypto'
import type { Test } from 'tap'
import { beijingDateTime } from '../../../../shared/clock.js'
import {
  type LocalPlatforms,
  type LocalPlatformsOptions,
  startLocalPlatforms,
} from '../../../../tools/emulator/platforms/index.js'
import { type HandClock, handClock } from '../../../support/clock.js'
import { type Merchant, merchant } from '../../../support/network/merchant.js'
import { send } from '../../../support/network/send.js'

export type Fields = Readonly<Record<string, string>>
export type Json = Readonly<Record<string, unknown>>

/** What is done to a request that was made in good order; undefined removes. */
export interface Tampering {
  /** Before it is signed. */
  params?: Readonly<Record<string, string | undefined>>
  /** After it was signed. */
  after?: Readonly<Record<string, string | undefined>>
  /** Parameters that travel in the body and not in the query. */
  inBody?: readonly string[]
  /** In what the request is written and signed. */
  charset?: 'utf-8' | 'gbk'
  /** What follows in the content type. */
  contentType?: string
  hash?: 'sha1' | 'sha256'
}

interface Said {
  headers: Readonly<Record<string, unknown>>
  text: string
  /** The name of the answer's first member. */
  key: string
  fields: Json
  certSn?: string
  /** Undefined when there is no signature; else whether it is Alipay's, over these very bytes. */
  isSigned?: boolean
}

/** Local platforms under a clock that the test moves, and a merchant that speaks with its gateway by hand. */
export interface ShopAlipay {
  platforms: LocalPlatforms
  clock: HandClock
  merchant: Merchant
  call(method: string, content?: Json, tampering?: Tampering): Promise<Said>
  /** An order of 19.99 yuan by alice in the mini program. */
  order(outTradeNo: string, changes?: Json): Promise<Said>
  /** The same, signed for an app's cashier. */
  orderString(outTradeNo: string, changes?: Json, tampering?: Tampering): string
  refund(outTradeNo: string, outRequestNo: string, amount: string, changes?: Json): Promise<Said>
  /** The last notice: its fields, and whether Alipay signed them. */
  lastNotice(): { fields: Fields; isSigned: boolean; contentType: string | undefined }
}

export async function openShopAlipay(t: Test, options: LocalPlatformsOptions = {}): Promise<ShopAlipay> {
  const clock = handClock(() => false, options.clock?.now())
  const platforms = await startLocalPlatforms({ ...options, clock })
  const partner = await merchant()
  partner.answer = { status: 200, body: 'success' }
  t.teardown(async () => {
    await platforms.close()
    await partner.close()
  })
  const { account, console } = platforms.alipay
  const isCertified = options.alipay?.verification === 'certificates'
  const key = createPrivateKey({
    key: Buffer.from(console.privateKey, 'base64'),
    format: 'der',
    type: 'pkcs8',
  })
  const verifier = () =>
    isCertified
      ? new X509Certificate(console.alipayCert).publicKey
      : createPublicKey({ key: Buffer.from(console.alipayPublicKey, 'base64'), format: 'der', type: 'spki' })
  const hash = options.alipay?.signType === 'RSA' ? 'sha1' : 'sha256'

  /** Every parameter and, last, the signature. */
  function signed(method: string, content: Json | undefined, tampering: Tampering): [string, string][] {
    const { charset = 'utf-8' } = tampering
    const named: Record<string, string | undefined> = {
      app_id: account.appId,
      method,
      format: 'JSON',
      charset,
      sign_type: hash === 'sha1' ? 'RSA' : 'RSA2',
      timestamp: beijingDateTime(clock.now()),
      version: '1.0',
      ...(content === undefined ? {} : { biz_content: JSON.stringify(content) }),
      ...tampering.params,
    }
    const fields = present(named)
    const text = textOf(Object.fromEntries(fields), [])
    const signature = sign(tampering.hash ?? hash, bytesOf(text, charset), key).toString('base64')
    return present({ ...Object.fromEntries(fields), sign: signature, ...tampering.after })
  }

  const call: ShopAlipay['call'] = async (method, content, tampering = {}) => {
    const { inBody = ['biz_content'], charset = 'utf-8' } = tampering
    const params = signed(method, content, tampering)
    const written = (wanted: boolean) =>
      params
        .filter(([name]) => inBody.includes(name) === wanted)
        .map(([name, value]) => `${name}=${escaped(value, charset)}`)
        .join('&')
    const { headers, body, status } = await send(`${platforms.url}/gateway.do?${written(false)}`, {
      headers: { 'content-type': `application/x-www-form-urlencoded${tampering.contentType ?? ''}` },
      body: written(true),
    })
    if (status !== 200) throw new Error(`status ${status}: ${body.toString()}`)
    return { headers, ...takenApart(body, charset, verifier(), hash) }
  }

  const wish = (outTradeNo: string, changes: Json) => ({
    out_trade_no: outTradeNo,
    total_amount: '19.99',
    subject: '茶 50% & more',
    ...changes,
  })
  const notified = { notify_url: partner.notifyUrl }

  return {
    platforms,
    clock,
    merchant: partner,
    call,
    order: (outTradeNo, changes = {}) =>
      call(
        'alipay.trade.create',
        wish(outTradeNo, {
          product_code: 'JSAPI_PAY',
          op_app_id: account.appId,
          [options.alipay?.userIds === 'user_id' ? 'buyer_id' : 'buyer_open_id']:
            platforms.alipay.openid('alice'),
          ...changes,
        }),
        { params: notified },
      ),
    orderString: (outTradeNo, changes = {}, tampering = {}) =>
      signed('alipay.trade.app.pay', wish(outTradeNo, { product_code: 'QUICK_MSECURITY_PAY', ...changes }), {
        ...tampering,
        params: { ...notified, ...tampering.params },
      })
        .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
        .join('&'),
    refund: (outTradeNo, outRequestNo, amount, changes = {}) =>
      call('alipay.trade.refund', {
        out_trade_no: outTradeNo,
        out_request_no: outRequestNo,
        refund_amount: amount,
        ...changes,
      }),
    lastNotice() {
      const last = partner.received.at(-1)
      if (!last) throw new Error('no notice came')
      const charset = options.alipay?.noticeCharset ?? 'utf-8'
      const fields = formOf(last.body, charset)
      const text = bytesOf(textOf(fields, ['sign_type']), charset)
      const isSigned = verify(hash, text, verifier(), Buffer.from(fields.sign ?? '', 'base64'))
      return { fields, isSigned, contentType: last.headers['content-type'] }
    },
  }
}

const present = (named: Readonly<Record<string, string | undefined>>): [string, string][] =>
  Object.entries(named).filter((param): param is [string, string] => param[1] !== undefined)

const textOf = (fields: Fields, leaveOut: readonly string[]): string =>
  Object.keys(fields)
    .filter((name) => name !== 'sign' && !leaveOut.includes(name) && fields[name] !== '')
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join('&')

/** The few signs that the tests write in GBK. */
const GBK: Readonly<Record<string, string>> = { 茶: 'b2e8', 中: 'd6d0' }

const bytesOf = (text: string, charset: 'utf-8' | 'gbk'): Buffer =>
  charset === 'utf-8'
    ? Buffer.from(text)
    : Buffer.concat([...text].map((sign) => Buffer.from(GBK[sign] ?? sign, GBK[sign] ? 'hex' : 'utf8')))

const escaped = (value: string, charset: 'utf-8' | 'gbk'): string =>
  [...bytesOf(value, charset)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')

export function formOf(body: string, charset: 'utf-8' | 'gbk'): Fields {
  const read = (part: string) => {
    const bytes = part
      .replaceAll('+', ' ')
      .replace(/%(..)/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    return new TextDecoder(charset).decode(Buffer.from(bytes, 'latin1'))
  }
  return Object.fromEntries(
    body.split('&').map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), read(pair.slice(at + 1))]
    }),
  )
}

const ANSWER =
  /^\{"(?<key>\w+)":(?<value>.*?)(?:,"alipay_cert_sn":"(?<certSn>\w+)")?(?:,"sign":"(?<sign>[^"]+)")?\}$/s

function takenApart(
  body: Buffer,
  charset: 'utf-8' | 'gbk',
  key: Parameters<typeof verify>[2],
  hash: string,
): Omit<Said, 'headers'> {
  // Latin-1 keeps every byte as it is.
  const {
    key: name = '',
    value = '',
    certSn,
    sign: signature,
  } = ANSWER.exec(body.toString('latin1'))?.groups ?? {}
  const bytes = Buffer.from(value, 'latin1')
  const parsed: unknown = JSON.parse(new TextDecoder(charset).decode(bytes))
  return {
    text: body.toString('latin1'),
    key: name,
    fields: typeof parsed === 'object' ? { ...parsed } : { sealed: parsed },
    ...(certSn === undefined ? {} : { certSn }),
    ...(signature === undefined
      ? {}
      : { isSigned: verify(hash, bytes, key, Buffer.from(signature, 'base64')) }),
  }
}
