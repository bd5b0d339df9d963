import type { CourierAnswer } from '../courier.js'
import type { Fault, FaultTarget } from '../faults.js'
import type { Notice } from '../notice.js'
import { NOTICE_WAITS, type Order, type Paid } from '../weixin-pay/index.js'
import type { PayWorld } from './entry.js'
import { messageFaults, seal } from './envelope.js'
import { paymentFields } from './orderquery.js'
import { readXml } from './xml.js'

/** What can happen to a notice on its way. */
export const wayFaults: readonly Fault[] = [
  'truncated',
  'timeout',
  'lost',
  'dropped',
  'duplicate',
  'late',
  'reorder',
]

export const noticeTarget: FaultTarget = {
  name: 'weixin-pay-v2.notice',
  faults: [...messageFaults, ...wayFaults],
}

export const noticeHeaders = { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0', accept: '*/*' }

/** The payment notice of an order, the same at every attempt unless a fault changes it. */
export function paymentNotice(order: Order, paid: Paid, world: PayWorld): Notice {
  const { appId, attach, deviceInfo, notifyUrl, outTradeNo, signType } = order.terms
  const fields: Record<string, string> = {
    return_code: 'SUCCESS',
    appid: appId,
    mch_id: world.merchant.mchId,
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
      body: Buffer.from(seal(fields, signType, world, fault)),
    }),
    understood,
  }
}

/** Nothing but XML that says SUCCESS counts: not a plain word, not JSON, not another status. */
export function understood({ status, body }: CourierAnswer): boolean {
  try {
    return status === 200 && readXml(body).return_code === 'SUCCESS'
  } catch {
    return false
  }
}
