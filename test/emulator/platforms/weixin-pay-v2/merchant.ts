import type { Test } from 'tap'
import {
  type LocalPlatforms,
  type LocalPlatformsOptions,
  startLocalPlatforms,
} from '../../../../tools/emulator/platforms/index.js'
import { type SignType, signatureOf } from '../../../../tools/emulator/platforms/weixin-pay-v2/message.js'
import { type Message, readXml, writeXml } from '../../../../tools/emulator/platforms/weixin-pay-v2/xml.js'
import { type HandClock, handClock } from '../../../support/clock.js'
import { type Merchant, merchant } from '../../../support/network/merchant.js'
import { type Reply, send } from '../../../support/network/send.js'

type Fields = Record<string, string>

/** Local platforms under a clock that the test moves, and a merchant that trades with it by hand. */
export interface Shop {
  platforms: LocalPlatforms
  clock: HandClock
  merchant: Merchant
  /** Signs and sends; undefined fields are left out. Answers the fields that came back. */
  call(path: string, fields: Record<string, string | undefined>, signType?: SignType): Promise<Message>
  /** A unified order of 1999 fen by alice; `changes` replace or, when undefined, remove fields. */
  order(
    outTradeNo: string,
    changes?: Record<string, string | undefined>,
    signType?: SignType,
  ): Promise<Message>
  query(outTradeNo: string): Promise<Message>
  /** As `call`, over TLS with the merchant's certificate, and with the answer as it came. */
  post(path: string, fields: Record<string, string | undefined>, signType?: SignType): Promise<Reply>
  /** A refund of an order of 1999 fen, to be told of. */
  refund(
    outTradeNo: string,
    outRefundNo: string,
    fee: number,
    changes?: Record<string, string | undefined>,
  ): Promise<Message>
  /** Mini-program parameters for a prepay_id, signed; `changes` are made before signing. */
  orderInfo(prepayId: string, changes?: Fields, signType?: SignType): Fields
}

const stripped = (fields: Record<string, string | undefined>): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )

export async function openShop(t: Test, options: LocalPlatformsOptions = {}): Promise<Shop> {
  const clock = handClock()
  const platforms = await startLocalPlatforms({ clock, ...options })
  const partner = await merchant()
  t.teardown(async () => {
    await platforms.close()
    await partner.close()
  })
  const { appId } = platforms.app
  const { mchId, key } = platforms.merchant
  const written = (fields: Record<string, string | undefined>, signType: SignType = 'MD5') => {
    const own = signType === 'MD5' ? {} : { sign_type: signType }
    const message = stripped({ appid: appId, mch_id: mchId, nonce_str: 'nonce', ...own, ...fields })
    return writeXml({ ...message, sign: fields.sign ?? signatureOf(message, signType, key) })
  }
  const call: Shop['call'] = async (path, fields, signType) => {
    const body = written(fields, signType)
    const response = await fetch(`${platforms.url}${path}`, { method: 'POST', body })
    return readXml(await response.text())
  }
  const post: Shop['post'] = (path, fields, signType) => {
    const { cert, key: privateKey, authority: ca } = platforms.files
    const body = written(fields, signType)
    return send(`${platforms.secureUrl}${path}`, { body, cert, key: privateKey, ca })
  }
  return {
    platforms,
    clock,
    merchant: partner,
    call,
    order: (outTradeNo, changes = {}, signType) =>
      call(
        '/pay/unifiedorder',
        {
          body: 'tea & <cake>',
          out_trade_no: outTradeNo,
          total_fee: '1999',
          spbill_create_ip: '127.0.0.1',
          notify_url: partner.notifyUrl,
          trade_type: 'JSAPI',
          openid: platforms.openid('alice'),
          ...changes,
        },
        signType,
      ),
    post,
    async refund(outTradeNo, outRefundNo, fee, changes = {}) {
      const { body } = await post('/secapi/pay/refund', {
        out_trade_no: outTradeNo,
        out_refund_no: outRefundNo,
        total_fee: '1999',
        refund_fee: String(fee),
        notify_url: partner.notifyUrl,
        ...changes,
      })
      return readXml(body.toString())
    },
    query: (outTradeNo) => call('/pay/orderquery', { out_trade_no: outTradeNo }),
    orderInfo(prepayId, changes = {}, signType = 'MD5') {
      const timeStamp = String(Math.floor(clock.now() / 1000))
      const info = {
        appId,
        timeStamp,
        nonceStr: 'nonce',
        package: `prepay_id=${prepayId}`,
        signType,
        ...changes,
      }
      return { ...info, paySign: signatureOf(info, signType, key, 'paySign') }
    },
  }
}
