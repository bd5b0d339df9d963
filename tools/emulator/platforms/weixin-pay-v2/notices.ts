import { createCipheriv, createHash } from 'node:crypto'
import { beijingDateTime, nonce } from '../../../../shared/clock.js'
import type { NoticeAnswer } from '../deliveries/deliverer.js'
import type { Notice } from '../deliveries/notice.js'
import type { Fault, FaultTarget } from '../faults.js'
import { NOTICE_WAITS, type Order, type Paid, type PayContext, type Refund } from '../weixin-pay/index.js'
import { messageFaults, OTHER_MERCHANT, signedXml } from './message.js'
import { paymentFields } from './orders.js'
import { readXml, writeXml } from './xml.js'

/** What can happen to a notice on its way. */
export const wayFaults: readonly Fault[] = [
  'truncated',
  'timeout',
  'lost',
  'dropped',
  'duplicate',
  'late',
  'reorder',
  'never',
]

export const noticeTarget: FaultTarget = {
  name: 'weixin-pay-v2.notice',
  faults: [...messageFaults, ...wayFaults],
}

export const noticeHeaders = { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0', accept: '*/*' }

/** The payment notice of an order, the same at every attempt unless a fault changes it. */
export function paymentNotice(order: Order, paid: Paid, context: PayContext): Notice {
  const { appId, attach, deviceInfo, notifyUrl, outTradeNo, signType } = order.terms
  const fields: Record<string, string> = {
    return_code: 'SUCCESS',
    appid: appId,
    mch_id: context.merchant.mchId,
    ...(deviceInfo ? { device_info: deviceInfo } : {}),
    ...(signType === 'MD5' ? {} : { sign_type: signType }),
    result_code: 'SUCCESS',
    out_trade_no: outTradeNo,
    ...(attach ? { attach } : {}),
    ...paymentFields(order, paid),
  }
  return {
    api: noticeTarget.name,
    orderNo: outTradeNo,
    url: notifyUrl,
    waits: NOTICE_WAITS,
    compose: (fault) => ({
      headers: noticeHeaders,
      body: Buffer.from(signedXml(fields, signType, context, fault)),
    }),
    understood,
  }
}

/** Nothing but XML that says SUCCESS counts: not a plain word, not JSON, not another status. */
export function understood({ status, body }: NoticeAnswer): boolean {
  try {
    return status === 200 && readXml(body).return_code === 'SUCCESS'
  } catch {
    return false
  }
}

export const refundNoticeTarget: FaultTarget = {
  name: 'weixin-pay-v2.refundNotice',
  faults: ['wrong-key', 'wrong-amount', 'wrong-merchant', ...wayFaults],
}

/** How V2 calls the ends of a refund. */
export const refundStates: Readonly<Record<Refund['state'], string>> = {
  PROCESSING: 'PROCESSING',
  SUCCESS: 'SUCCESS',
  CLOSED: 'REFUNDCLOSE',
  ABNORMAL: 'CHANGE',
}

/** What became of a refund, as it stands now. Nothing is signed: who has the key could write it. */
export function refundNotice(refund: Refund, url: string, context: PayContext): Notice {
  const { outTradeNo, appId } = refund.request.order.terms
  const inner = innerFields(refund)
  return {
    api: refundNoticeTarget.name,
    orderNo: outTradeNo,
    refundNo: refund.request.outRefundNo,
    url,
    waits: NOTICE_WAITS,
    compose: (fault) => ({
      headers: noticeHeaders,
      body: Buffer.from(
        writeXml({
          return_code: 'SUCCESS',
          appid: appId,
          mch_id: fault === 'wrong-merchant' ? OTHER_MERCHANT : context.merchant.mchId,
          nonce_str: nonce(context.random),
          req_info: encryptResource(inner, fault, context),
        }),
      ),
    }),
    understood,
  }
}

function innerFields({ request, refundId, state, successAt }: Refund): Record<string, string> {
  const { order, outRefundNo, refundFee, account } = request
  return {
    out_refund_no: outRefundNo,
    out_trade_no: order.terms.outTradeNo,
    refund_account: account ?? 'REFUND_SOURCE_UNSETTLED_FUNDS',
    refund_fee: String(refundFee),
    refund_id: refundId,
    refund_recv_accout: '支付用户零钱',
    refund_request_source: 'API',
    refund_status: refundStates[state],
    settlement_refund_fee: String(refundFee),
    settlement_total_fee: String(order.terms.totalFee),
    ...(successAt === undefined ? {} : { success_time: beijingDateTime(successAt) }),
    total_fee: String(order.terms.totalFee),
    transaction_id: order.paid?.transactionId ?? '',
  }
}

/** AES-256-ECB under the lower-case hex of the key's MD5, as base64. */
function encryptResource(
  fields: Record<string, string>,
  fault: Fault | undefined,
  { merchant }: PayContext,
): string {
  const key = fault === 'wrong-key' ? `${merchant.key} of somebody else` : merchant.key
  const more = { refund_fee: String(Number(fields.refund_fee) + 1) }
  const text = writeXml({ ...fields, ...(fault === 'wrong-amount' ? more : {}) }, 'root')
  const cipher = createCipheriv('aes-256-ecb', createHash('md5').update(key).digest('hex'), null)
  return cipher.update(text, 'utf8', 'base64') + cipher.final('base64')
}
