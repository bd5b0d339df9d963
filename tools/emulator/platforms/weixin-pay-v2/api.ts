import type { Answer, Api, Received } from '../contract.js'
import type { Fault } from '../faults.js'
import { commonFaults } from '../weixin-pay/index.js'
import { BusinessFailure, type Entry, type PayWorld, Unreadable } from './entry.js'
import { messageFaults, seal } from './envelope.js'
import { checkRequest, readSigned, type Signed, uncertified } from './request.js'
import { writeXml } from './xml.js'

/** Faults that are answers of a kind: what is answered in place of acting. */
const refusals: Readonly<Partial<Record<Fault, readonly [string, string]>>> = {
  busy: ['SYSTEMERROR', '系统超时'],
  denied: ['ORDERNOTEXIST', '订单不存在'],
  unbound: ['APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配'],
  'no-permission': ['NOAUTH', '商户无此接口权限'],
  'no-funds': ['NOTENOUGH', '基本账户余额不足，请充值后重新发起'],
  contended: ['BIZERR_NEED_RETRY', '退款业务流程错误，需要商户触发重试来解决'],
}

/** Turns a table's entry into an endpoint: signature, identity and fields are checked before it does its work. */
export function payApi(entry: Entry, world: PayWorld): Api {
  return {
    name: entry.name,
    path: entry.path,
    faults: [...commonFaults, ...messageFaults, ...(entry.faults ?? [])],
    answer(request, fault) {
      const page = uncertified(entry, request)
      if (page) return page
      try {
        const signed = readSigned(request, world)
        const fields = perform(entry, request, signed, world, fault)
        return xml(seal(fields, signed.signType, world, fault === 'denied' ? 'unsigned' : fault))
      } catch (error) {
        if (error instanceof Unreadable) return xml(unreadable(error.message))
        throw error
      }
    },
  }
}

export const xml = (body: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'text/plain' },
  body,
})

export const unreadable = (reason: string): string => writeXml({ return_code: 'FAIL', return_msg: reason })

function perform(
  entry: Entry,
  request: Received,
  { message, signType }: Signed,
  world: PayWorld,
  fault: Fault | undefined,
): Record<string, string> {
  const head = {
    return_code: 'SUCCESS',
    return_msg: 'OK',
    appid: message.appid ?? '',
    mch_id: message.mch_id ?? '',
  }
  try {
    const refusal = fault && refusals[fault]
    if (refusal) throw new BusinessFailure(...refusal)
    checkRequest(entry, request, message, world)
    const fields = entry.answer(message, world, signType)
    if (fault === 'busy-acted') throw new BusinessFailure('SYSTEMERROR', '系统超时')
    return { ...head, result_code: 'SUCCESS', ...fields }
  } catch (error) {
    if (!(error instanceof BusinessFailure)) throw error
    return { ...head, result_code: 'FAIL', err_code: error.code, err_code_des: error.message }
  }
}
