import { createDecipheriv, createPublicKey, sign, verify } from 'node:crypto'
import type { Test } from 'tap'
import {
  type LocalPlatforms,
  type LocalPlatformsOptions,
  startLocalPlatforms,
} from '../../../../tools/emulator/platforms/index.js'
import { type HandClock, handClock } from '../../../support/clock.js'
import { type Merchant, merchant, type Notified } from '../../../support/network/merchant.js'
import { send } from '../../../support/network/send.js'

export type Json = Readonly<Record<string, unknown>>

/** What is changed in a request after it was made in good order; undefined removes. */
export interface Tampering {
  headers?: Record<string, string | undefined>
  /** Fields of the Authorization header, changed after signing. */
  authorization?: Record<string, string | undefined>
  /** Signed in place of what is sent. */
  signed?: { method?: string; target?: string; body?: string; timestamp?: string; nonce?: string }
}

export interface Said {
  status: number
  headers: Readonly<Record<string, unknown>>
  bytes: Buffer
  text: string
  json: Json
  /** The serial that signed it, when the signature is good and now; undefined otherwise. */
  signedBy?: string
}

/** Local platforms under a clock that the test moves, and a merchant that trades with it under V3 by hand. */
export interface ShopV3 {
  platforms: LocalPlatforms
  clock: HandClock
  merchant: Merchant
  call(method: 'GET' | 'POST', target: string, body?: Json, tampering?: Tampering): Promise<Said>
  /** An order of 1999 fen by alice; `changes` replace or, when undefined, remove fields. */
  order(outTradeNo: string, changes?: Json, scene?: string): Promise<Said>
  query(outTradeNo: string): Promise<Said>
  /** A refund of an order of 1999 fen, to be told of. */
  refund(outTradeNo: string, outRefundNo: string, fee: number, changes?: Json): Promise<Said>
  /** Mini-program parameters for a prepay_id, signed; `changes` are made before signing. */
  orderInfo(prepayId: string, changes?: Record<string, string>): Record<string, string>
  /** The same for an app. */
  appInfo(prepayId: string, changes?: Record<string, string>): Record<string, string>
  /** The serial that signed a message, when the signature is good and now. */
  signerOf(headers: Readonly<Record<string, unknown>>, body: string): string | undefined
  /** The last notice, opened. */
  lastNotice(): { notified: Notified; envelope: Json; resource: Json; signedBy?: string }
  /** Opens what was sealed with the APIv3 key. */
  opened(sealed: unknown): string
}

export async function openShopV3(t: Test, options: LocalPlatformsOptions = {}): Promise<ShopV3> {
  const clock = handClock(() => false, options.clock?.now())
  const platforms = await startLocalPlatforms({ ...options, clock })
  const partner = await merchant()
  t.teardown(async () => {
    await platforms.close()
    await partner.close()
  })
  const { appId, openAppId } = platforms.app
  const { mchId, v3Key } = platforms.merchant
  const seconds = () => String(Math.floor(clock.now() / 1000))
  const signed = (...lines: (string | undefined)[]) =>
    sign('sha256', Buffer.from(lines.map((line) => `${line}\n`).join('')), platforms.files.key).toString(
      'base64',
    )
  let nonces = 0

  const call: ShopV3['call'] = async (method, target, body, tampering = {}) => {
    nonces += 1
    const text = body === undefined ? '' : JSON.stringify(body)
    const whole = { method, target, body: text, timestamp: seconds(), nonce: `nonce${nonces}` }
    const of = { ...whole, ...tampering.signed }
    const fields = {
      mchid: mchId,
      nonce_str: of.nonce,
      timestamp: of.timestamp,
      serial_no: platforms.files.serialNo,
      signature: signed(of.method, of.target, of.timestamp, of.nonce, of.body),
      ...tampering.authorization,
    }
    const pairs = Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}="${value}"`],
    )
    const headers = {
      authorization: `WECHATPAY2-SHA256-RSA2048 ${pairs.join(',')}`,
      accept: 'application/json',
      'user-agent': 'test',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...tampering.headers,
    }
    const sent = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const reply = await send(`${platforms.url}${target}`, {
      method,
      headers: Object.fromEntries(sent),
      ...(text === '' ? {} : { body: text }),
    })
    const answer = reply.body.toString()
    const signedBy = signerOf(reply.headers, answer)
    return {
      status: reply.status,
      headers: reply.headers,
      bytes: reply.body,
      text: answer,
      json: parsed(answer),
      ...(signedBy === undefined ? {} : { signedBy }),
    }
  }

  const signerOf: ShopV3['signerOf'] = (headers, body) => {
    const [stamp, nonce, signature, serial] = ['timestamp', 'nonce', 'signature', 'serial'].map((name) =>
      String(headers[`wechatpay-${name}`]),
    )
    const key = platforms.platformKeys()[serial ?? '']
    if (key === undefined || Math.abs(clock.now() / 1000 - Number(stamp)) > 300) return undefined
    const text = Buffer.from(`${stamp}\n${nonce}\n${body}\n`)
    return verify('sha256', text, createPublicKey(key), Buffer.from(signature ?? '', 'base64'))
      ? serial
      : undefined
  }

  const opened: ShopV3['opened'] = (sealed) => {
    const { ciphertext, nonce, associated_data: more } = sealed as Record<string, string>
    const bytes = Buffer.from(ciphertext ?? '', 'base64')
    const cipher = createDecipheriv('aes-256-gcm', v3Key, nonce ?? '', { authTagLength: 16 })
    cipher.setAuthTag(bytes.subarray(-16)).setAAD(Buffer.from(more ?? ''))
    return cipher.update(bytes.subarray(0, -16), undefined, 'utf8') + cipher.final('utf8')
  }

  return {
    platforms,
    clock,
    merchant: partner,
    call,
    signerOf,
    opened,
    order: (outTradeNo, changes = {}, scene = 'jsapi') =>
      call('POST', `/v3/pay/transactions/${scene}`, {
        appid: scene === 'app' ? openAppId : appId,
        mchid: mchId,
        description: '茶, green',
        out_trade_no: outTradeNo,
        notify_url: partner.notifyUrl,
        amount: { total: 1999, currency: 'CNY' },
        ...(scene === 'jsapi' ? { payer: { openid: platforms.openid('alice') } } : {}),
        ...changes,
      }),
    query: (outTradeNo) => call('GET', `/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${mchId}`),
    refund: (outTradeNo, outRefundNo, fee, changes = {}) =>
      call('POST', '/v3/refund/domestic/refunds', {
        out_trade_no: outTradeNo,
        out_refund_no: outRefundNo,
        notify_url: partner.notifyUrl,
        amount: { refund: fee, total: 1999, currency: 'CNY' },
        ...changes,
      }),
    orderInfo(prepayId, changes = {}) {
      const info = {
        ...{ appId, timeStamp: seconds(), nonceStr: 'nonce', package: `prepay_id=${prepayId}` },
        signType: 'RSA',
        ...changes,
      }
      return { ...info, paySign: signed(info.appId, info.timeStamp, info.nonceStr, info.package) }
    },
    appInfo(prepayid, changes = {}) {
      const info = {
        ...{ appid: openAppId, partnerid: mchId, prepayid, package: 'Sign=WXPay' },
        ...{ noncestr: 'nonce', timestamp: seconds() },
        ...changes,
      }
      return { ...info, sign: signed(info.appid, info.timestamp, info.noncestr, info.prepayid) }
    },
    lastNotice() {
      const notified = partner.received.at(-1)
      if (!notified) throw new Error('no notice came')
      const envelope = parsed(notified.body)
      const signedBy = signerOf(notified.headers, notified.body)
      const resource = parsed(opened(envelope.resource))
      return { notified, envelope, resource, ...(signedBy === undefined ? {} : { signedBy }) }
    },
  }
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return {}
  }
}
