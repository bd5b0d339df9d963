import { createCipheriv, createHash } from 'node:crypto'
import { fromBeijing } from '../../../../shared/clock.js'
import { localApp, localMerchant } from '../../../../tools/emulator/platforms/account.js'
import { merchantFiles, oneLine } from '../../../../tools/emulator/platforms/certificates/index.js'
import { signatureOf } from '../../../../tools/emulator/platforms/weixin-pay-v2/message.js'
import { type Message, readXml, writeXml } from '../../../../tools/emulator/platforms/weixin-pay-v2/xml.js'
import {
  acceptRefund,
  type Books,
  closeTrade,
  findRefund,
  makeTrade,
  type PlatformRefund,
  type Problem,
  Refusal,
  refundIdOf,
  stateOf,
  TRANSACTION_ID,
  type Trade,
  tradeOf,
} from '../books.js'
import type { Wire } from './wire.js'

const { mchId, key } = localMerchant
const { appId } = localApp
const PAYER = 'oAlice-0123456789abcdefghijk'

/** WeChat Pay V2: XML, signed with MD5. */
export function weixinV2Wire(): Wire {
  const files = merchantFiles(mchId)
  return {
    provider: 'weixin-v2',
    merchantId: mchId,
    payer: PAYER,
    clientType: 'mp-weixin',
    env: {
      ...{ PAYMENT_PROVIDER: 'weixin-v2', WEIXIN_APP_ID: appId, WEIXIN_MCH_ID: mchId, WEIXIN_PAY_KEY: key },
      ...{ WEIXIN_PAY_CERT: oneLine(files.cert), WEIXIN_PAY_CERT_KEY: oneLine(files.key) },
    },
    answer(books, { url, body }, now) {
      const asked = readXml(String(body))
      const fields = answerTo(books, new URL(url).pathname, asked, now)
      const headers = { 'content-type': 'text/xml' }
      return { status: 200, headers, body: Buffer.from(signedXml({ ...envelope, ...fields })) }
    },
    notice(books, mail) {
      const trade = books.trade
      if (!trade) throw new Error('no notice without a trade')
      const fields =
        mail.about === 'payment'
          ? signedXml({ ...envelope, ...paidFields(trade) })
          : refundNotice(trade, findRefund(trade, mail.outRefundNo))
      return { headers: { 'content-type': 'text/xml' }, body: Buffer.from(fields) }
    },
    understands: ({ status, body }) => status === 200 && readXml(String(body)).return_code === 'SUCCESS',
  }
}

const envelope = {
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  appid: appId,
  mch_id: mchId,
  nonce_str: 'n',
}

const signedXml = (fields: Message): string => writeXml({ ...fields, sign: signatureOf(fields, 'MD5', key) })

const errCodes: Readonly<Record<Problem, string>> = {
  'no such order': 'ORDERNOTEXIST',
  paid: 'ORDERPAID',
  closed: 'ORDERCLOSED',
  'not paid': 'TRADE_STATE_ERROR',
  'no such refund': 'REFUNDNOTEXIST',
  'other amount': 'REFUND_FEE_MISMATCH',
  'too much': 'ERROR',
}

function answerTo(books: Books, path: string, asked: Message, now: number): Message {
  try {
    return dispatch(books, path, asked, now)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { result_code: 'FAIL', err_code: errCodes[error.problem], err_code_des: error.problem }
  }
}

function dispatch(books: Books, path: string, asked: Message, now: number): Message {
  const { out_trade_no: outTradeNo = '', out_refund_no: outRefundNo = '' } = asked
  if (path === '/pay/unifiedorder') {
    const { total_fee: totalFee, time_expire: expire } = asked
    const trade = { outTradeNo, totalFee: Number(totalFee) }
    makeTrade(books, expire ? { ...trade, expiresAt: fromBeijing(expire) } : trade, now)
    return { trade_type: 'JSAPI', prepay_id: 'wx20500101080000' }
  }
  if (path === '/pay/closeorder') {
    closeTrade(books, outTradeNo, now)
    return { result_msg: 'OK' }
  }
  if (path === '/pay/orderquery') return tradeFields(tradeOf(books, outTradeNo), now)
  if (path === '/secapi/pay/refund') {
    const trade = tradeOf(books, outTradeNo)
    const { refund } = acceptRefund(trade, { outRefundNo, refundFee: Number(asked.refund_fee) })
    const { refundFee } = refund
    return { ...orderFields(trade), ...ownFields(refund), refund_fee: String(refundFee) }
  }
  const refunds = outRefundNo ? [findRefund(books.trade, outRefundNo)] : (books.trade?.refunds ?? [])
  if (!books.trade || refunds.length === 0) throw new Refusal('no such refund')
  const numbered = refunds.map((refund, n) =>
    Object.fromEntries(
      Object.entries({ ...ownFields(refund), refund_status: words[refund.state] }).map(([name, value]) => [
        `${name}_${n}`,
        value,
      ]),
    ),
  )
  return {
    ...orderFields(books.trade),
    refund_count: String(refunds.length),
    ...Object.assign({}, ...numbered),
  }
}

const words = { SUCCESS: 'SUCCESS', PROCESSING: 'PROCESSING', CLOSED: 'REFUNDCLOSE', ABNORMAL: 'CHANGE' }

const orderFields = ({ outTradeNo, totalFee }: Trade): Message => ({
  transaction_id: TRANSACTION_ID,
  out_trade_no: outTradeNo,
  total_fee: String(totalFee),
})

const ownFields = ({ outRefundNo, refundFee }: PlatformRefund): Message => ({
  out_refund_no: outRefundNo,
  refund_id: refundIdOf(outRefundNo),
  refund_fee: String(refundFee),
})

function tradeFields(trade: Trade, now: number): Message {
  const state = stateOf(trade, now)
  if (state !== 'SUCCESS') return { out_trade_no: trade.outTradeNo, trade_state: state }
  return { ...paidFields(trade), trade_state: trade.refunds.length > 0 ? 'REFUND' : 'SUCCESS' }
}

/** A notice of a payment has no state: it is sent of those that succeeded. */
const paidFields = (trade: Trade): Message => ({
  ...orderFields(trade),
  ...{ openid: PAYER, trade_type: 'JSAPI', bank_type: 'OTHERS', fee_type: 'CNY', time_end: '20500101080000' },
  cash_fee: String(trade.totalFee),
})

/** Nothing in it is signed: it is a reason to ask, and no more. */
function refundNotice(trade: Trade, refund: PlatformRefund): string {
  const inner = { ...orderFields(trade), ...ownFields(refund), refund_status: words[refund.state] }
  const cipher = createCipheriv('aes-256-ecb', createHash('md5').update(key).digest('hex'), null)
  const sealed = cipher.update(writeXml(inner, 'root'), 'utf8', 'base64') + cipher.final('base64')
  return writeXml({ return_code: 'SUCCESS', appid: appId, mch_id: mchId, nonce_str: 'n', req_info: sealed })
}
