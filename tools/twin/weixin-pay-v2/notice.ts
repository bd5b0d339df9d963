import type { CourierAnswer } from '../courier.js'
import type { Fault, FaultTarget } from '../faults.js'
import type { Notice } from '../notice.js'
import type { PayWorld } from './entry.js'
import { messageFaults, seal } from './envelope.js'
import { paymentFields } from './orderquery.js'
import type { Order, Paid } from './orders.js'
import { readXml } from './xml.js'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** The official schedule of V2 notices: 24 h 4 m in all. */
const WAITS = [
  ...[15 * SECOND, 15 * SECOND, 30 * SECOND],
  ...[3 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 30 * MINUTE, 30 * MINUTE, 60 * MINUTE],
  ...[3 * HOUR, 3 * HOUR, 3 * HOUR, 6 * HOUR, 6 * HOUR],
]

const faults: readonly Fault[] = [
  ...messageFaults,
  'timeout',
  'lost',
  'dropped',
  'duplicate',
  'late',
  'reorder',
]

export const noticeTarget: FaultTarget = { name: 'weixin-pay-v2.notice', faults }

/** The payment notice of an order, the same at every attempt unless a fault changes it. */
export function paymentNotice(order: Order, paid: Paid, world: PayWorld): Notice {
  const { appid = '', mch_id: mchId = '', attach, device_info: device, notify_url: url = '' } = order.request
  const fields: Record<string, string> = {
    return_code: 'SUCCESS',
    appid,
    mch_id: mchId,
    ...(device ? { device_info: device } : {}),
    ...(order.signType === 'MD5' ? {} : { sign_type: order.signType }),
    result_code: 'SUCCESS',
    out_trade_no: order.outTradeNo,
    ...(attach ? { attach } : {}),
    ...paymentFields(order, paid),
  }
  return {
    api: noticeTarget.name,
    orderNo: order.outTradeNo,
    url,
    waits: WAITS,
    compose: (fault) => ({
      headers: { 'content-type': 'text/xml', 'user-agent': 'Mozilla/4.0', accept: '*/*' },
      body: Buffer.from(seal(fields, order.signType, world, fault)),
    }),
    understood,
  }
}

/** Nothing but XML that says SUCCESS counts: not a plain word, not JSON, not another status. */
function understood({ status, body }: CourierAnswer): boolean {
  try {
    return status === 200 && readXml(body).return_code === 'SUCCESS'
  } catch {
    return false
  }
}
