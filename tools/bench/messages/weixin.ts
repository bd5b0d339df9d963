import { createCipheriv } from 'node:crypto'
import { md5Hex, sealAes256Ecb } from '../../../shared/crypto/index.js'
import type { HttpAnswer } from '../../../shared/http/http.js'
import type { HttpCall } from '../../../shared/operation/index.js'
import { writeFlatXml } from '../../../shared/xml/flatXml.js'
import { rsaSigned, type Texts } from '../bare/signing.js'
import { type SignType, v2Signature } from '../bare/weixin.js'
import { type Compose, callWith, FORGERY, merchant, NOW, SERIAL, theirs, WEIXIN_APP } from '../parties.js'

export function v2Fields(attach: string, type: SignType, forged = false): Texts {
  const fields = {
    appid: WEIXIN_APP,
    attach,
    bank_type: 'OTHERS',
    cash_fee: '1999',
    fee_type: 'CNY',
    is_subscribe: 'N',
    mch_id: merchant.mchId,
    nonce_str: '5d2b6c2a8db53831f7eda20af46e531c',
    openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
    out_trade_no: 'order20260131',
    result_code: 'SUCCESS',
    return_code: 'SUCCESS',
    time_end: '20260131115958',
    total_fee: '1999',
    trade_type: 'JSAPI',
    transaction_id: '4200001234202601311234567890',
  }
  return { ...fields, sign: v2Signature(forged ? { ...fields, attach: FORGERY } : fields, type) }
}

const xml = (fields: Texts, root?: string): string => writeFlatXml(Object.entries(fields), root)

export const v2Notice: Compose<HttpCall> = (text, forged) =>
  callWith(Buffer.from(xml(v2Fields(text, 'MD5', forged))))

/** Nothing is signed here; a forged one does not decrypt. */
export const v2RefundNotice: Compose<HttpCall> = (text, forged) => {
  const refund = {
    out_refund_no: 'refund1',
    out_trade_no: 'order20260131',
    refund_fee: '500',
    refund_id: '50000000382019052709732678859',
    refund_recv_accout: text,
    refund_status: 'SUCCESS',
    total_fee: '1999',
    transaction_id: '4200001234202601311234567890',
  }
  const sealed = sealAes256Ecb(md5Hex(forged ? FORGERY : merchant.key), xml(refund, 'root'))
  const outer = { return_code: 'SUCCESS', appid: WEIXIN_APP, mch_id: merchant.mchId, req_info: sealed }
  return callWith(Buffer.from(xml(outer)))
}

const transaction = (attach: string): string =>
  JSON.stringify({
    mchid: merchant.mchId,
    appid: WEIXIN_APP,
    out_trade_no: 'order20260131',
    transaction_id: '4200000985202601310000000001',
    trade_type: 'JSAPI',
    trade_state: 'SUCCESS',
    trade_state_desc: '支付成功',
    bank_type: 'CMC',
    attach,
    success_time: '2026-01-31T11:59:58+08:00',
    payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
    amount: { total: 1999, payer_total: 1999, currency: 'CNY', payer_currency: 'CNY' },
  })

/** Any body, signed as WeChat Pay V3 does. */
export function v3Signed(text: string, forged = false): HttpAnswer {
  const [seconds, nonce] = [String(NOW / 1000), '5d2b6c2a8db53831f7eda20af46e531c']
  const headers = {
    'wechatpay-timestamp': seconds,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': SERIAL,
    'wechatpay-signature': rsaSigned(`${seconds}\n${nonce}\n${forged ? FORGERY : text}\n`, theirs.privateKey),
  }
  return { status: 200, headers, body: Buffer.from(text) }
}

export const v3Answer: Compose<HttpAnswer> = (text, forged) => v3Signed(transaction(text), forged)

export function v3Call(text: string, forged?: boolean): HttpCall {
  const { headers, body } = v3Signed(text, forged)
  return callWith(body, headers)
}

export const v3Notice: Compose<HttpCall> = (text, forged) => {
  const [nonce, original] = ['abcdefghijkl', 'transaction']
  const cipher = createCipheriv('aes-256-gcm', merchant.v3.key, nonce).setAAD(Buffer.from(original))
  const sealed = [cipher.update(transaction(text)), cipher.final(), cipher.getAuthTag()]
  const resource = {
    original_type: original,
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: Buffer.concat(sealed).toString('base64'),
    associated_data: original,
    nonce,
  }
  const notice = { id: 'EV-2026013112000000001', event_type: 'TRANSACTION.SUCCESS', resource }
  return v3Call(JSON.stringify(notice), forged)
}
