import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Fault } from '../faults.js'
import { billKinds, fundflowBill, isBillDay, isDay, tradeBill } from '../weixin-pay/index.js'
import type { Call, Entry, V3Context } from './entry.js'
import { anyText, oneOf, type Rules, V3Failure } from './rules.js'

const rules: Rules = {
  bill_date: {
    required: true,
    accepts: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) && isDay(compact(value)),
  },
  tar_type: { accepts: oneOf('GZIP') },
}

const faults: readonly Fault[] = ['creating', 'wrong-hash', 'wrong-host']
const FILE = '/v3/billdownload/file'

const compact = (day: string): string => day.replaceAll('-', '')

/** `GET /v3/bill/tradebill` */
const tradebill: Entry = {
  name: 'weixin-pay-v3.tradebill',
  method: 'GET',
  path: '/v3/bill/tradebill',
  faults,
  query: {
    ...rules,
    bill_type: {
      accepts: oneOf(...billKinds, 'RECHARGE_REFUND', 'ALL_SPECIAL', 'SUC_SPECIAL', 'REF_SPECIAL'),
    },
  },
  answer(call, context, fault) {
    const { bill_type: type = 'ALL' } = call.query
    const kind = billKinds.find((known) => known === type)
    return announced(call, context, fault, (day) => {
      return kind && tradeBill(context.ledger, context.merchant.mchId, day, kind)
    })
  },
}

/** `GET /v3/bill/fundflowbill` */
const fundflowbill: Entry = {
  name: 'weixin-pay-v3.fundflowbill',
  method: 'GET',
  path: '/v3/bill/fundflowbill',
  faults,
  query: { ...rules, account_type: { accepts: oneOf('BASIC', 'OPERATION', 'FEES') } },
  answer(call, context, fault) {
    const { account_type: account = 'BASIC' } = call.query
    return announced(call, context, fault, (day) =>
      account === 'BASIC' ? fundflowBill(context.ledger, day) : undefined,
    )
  },
}

/** `GET /v3/billdownload/file`: a good Authorization is asked for, but no signature is given. */
const file: Entry = {
  name: 'weixin-pay-v3.billFile',
  method: 'GET',
  path: FILE,
  unsigned: true,
  query: { token: { required: true, accepts: anyText } },
  answer({ query: { token = '' } }, { billFiles }) {
    const kept = billFiles.find(token)
    if (!kept) throw new V3Failure(400, 'INVALID_REQUEST', '下载地址已失效')
    return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: kept }
  },
}

export const bills: readonly Entry[] = [tradebill, fundflowbill, file]

/** Where the bill can be had and what its hash is: that of the text, also when the file is packed. */
function announced(
  { request, query }: Call,
  { clock, billFiles }: V3Context,
  fault: Fault | undefined,
  billOf: (day: string) => string | undefined,
): object {
  const day = compact(query.bill_date ?? '')
  const text = isBillDay(day, clock.now()) ? billOf(day) : undefined
  if (text === undefined) throw new V3Failure(400, 'NO_STATEMENT_EXIST', '请求的账单文件不存在')
  const packed = query.tar_type === 'GZIP'
  const token = billFiles.keep(packed ? gzipSync(text) : Buffer.from(text))
  const origin = fault === 'wrong-host' ? 'https://api.mch.weixin.qq.com.example.com' : request.origin
  return {
    hash_type: 'SHA1',
    hash_value: createHash('sha1')
      .update(fault === 'wrong-hash' ? `${text}\n` : text)
      .digest('hex'),
    download_url: `${origin}${FILE}?token=${token}${packed ? '&tartype=gzip' : ''}`,
  }
}
