import { gzipSync } from 'node:zlib'
import type { Api, Received } from '../contract.js'
import type { Fault } from '../faults.js'
import { billKinds, fundflowBill, isBillDay, isDay, type PayContext, tradeBill } from '../weixin-pay/index.js'
import { checkRequest, readSigned, type Signed, uncertified, unreadable, xml } from './api.js'
import { BusinessFailure, type Endpoint, oneOf, type Rules, Unreadable } from './entry.js'
import type { Message } from './xml.js'
import { writeXml } from './xml.js'

/** An endpoint that answers with a file, or with XML when there is none. */
interface BillEntry extends Endpoint {
  /** The file as text; undefined when nothing happened on that day. */
  file(request: Message, day: string, context: PayContext): string | undefined
  refusal(failure: BusinessFailure): Record<string, string>
}

const rules: Rules = {
  bill_date: { required: true, accepts: isDay },
  tar_type: { accepts: oneOf('GZIP') },
}

const errorCodes: Readonly<Record<string, string>> = { NO_BILL_EXIST: '20002', BILL_CREATING: '20007' }

/** `POST /pay/downloadbill`. */
const downloadbill: BillEntry = {
  name: 'weixin-pay-v2.downloadbill',
  path: '/pay/downloadbill',
  rules: { ...rules, bill_type: { required: true, accepts: oneOf(...billKinds, 'RECHARGE_REFUND') } },
  file({ bill_type: type }, day, { ledger, merchant }) {
    const kind = billKinds.find((known) => known === type)
    return kind && tradeBill(ledger, merchant.mchId, day, kind)
  },
  refusal: ({ code, message }) => ({
    return_code: 'FAIL',
    return_msg: message,
    error_code: errorCodes[code] ?? '20001',
  }),
}

/** `POST /pay/downloadfundflow`. */
const downloadfundflow: BillEntry = {
  name: 'weixin-pay-v2.downloadfundflow',
  path: '/pay/downloadfundflow',
  certificate: true,
  rules: {
    ...rules,
    sign_type: { required: true, accepts: oneOf('HMAC-SHA256') },
    account_type: { required: true, accepts: oneOf('Basic', 'Operation', 'Fees') },
  },
  file: ({ account_type: account }, day, { ledger }) =>
    account === 'Basic' ? fundflowBill(ledger, day) : undefined,
  refusal: ({ code, message }) => ({
    return_code: 'SUCCESS',
    return_msg: 'OK',
    result_code: 'FAIL',
    err_code: code,
    err_code_des: message,
  }),
}

export const bills: readonly BillEntry[] = [downloadbill, downloadfundflow]

const faults: readonly Fault[] = ['busy', 'creating', 'timeout', 'lost', 'html', 'truncated']

export function billApi(entry: BillEntry, context: PayContext): Api {
  return {
    name: entry.name,
    path: entry.path,
    faults,
    answer(request, fault) {
      const page = uncertified(entry, request)
      if (page) return page
      try {
        return { ...xml(''), body: fileFor(entry, request, readSigned(request, context), context, fault) }
      } catch (error) {
        if (error instanceof BusinessFailure) return xml(writeXml(entry.refusal(error)))
        if (error instanceof Unreadable) return xml(unreadable(error.message))
        throw error
      }
    },
  }
}

function fileFor(
  entry: BillEntry,
  request: Received,
  { message }: Signed,
  context: PayContext,
  fault: Fault | undefined,
): Buffer {
  checkRequest(entry, request, message, context)
  if (fault === 'busy') throw new BusinessFailure('SYSTEMERROR', 'SYSTEMERROR')
  if (fault === 'creating') throw new BusinessFailure('BILL_CREATING', 'Bill Creating')
  const { bill_date: day = '', tar_type: packing } = message
  const text = isBillDay(day, context.clock.now()) ? entry.file(message, day, context) : undefined
  if (text === undefined) throw new BusinessFailure('NO_BILL_EXIST', 'No Bill Exist')
  return packing === 'GZIP' ? gzipSync(text) : Buffer.from(text)
}
