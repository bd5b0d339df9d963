import { invalidParam, OpenapiError } from '../../errors/index.js'
import { traced } from '../../operation/context.js'
import type { FlatXml } from '../../xml/flatXml.js'
import { billRefused, billText, MAX_BILL_FILE } from '../bill.js'
import type { Bill, BillRequest, FundflowRequest, ProviderDependencies } from '../provider.js'
import { send, type V2Fields, type V2Way } from './call.js'
import { businessFailed } from './failure.js'
import type { V2Merchant } from './merchant.js'
import { readMessage } from './message.js'

/**
 * All trades of a day, in yuan, as text. `billType` as in the reference document.
 * https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_6
 */
export const downloadBill = (
  merchant: V2Merchant,
  dependencies: ProviderDependencies,
  appid: string,
  { billDate, billType = 'ALL' }: BillRequest,
): Promise<Bill> =>
  download(merchant, dependencies, '/pay/downloadbill', {
    ...{ appid, bill_date: checkedDate(billDate), bill_type: billType, tar_type: 'GZIP' },
  })

/**
 * All movements of an account of a day, in yuan, as text: under the client certificate, and by HMAC-SHA256 whatever
 * the merchant uses elsewhere. https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_18
 */
export const downloadFundflow = (
  merchant: V2Merchant,
  dependencies: ProviderDependencies,
  appid: string,
  { billDate, accountType = 'Basic' }: FundflowRequest,
): Promise<Bill> =>
  download(
    merchant,
    dependencies,
    '/pay/downloadfundflow',
    { appid, bill_date: checkedDate(billDate), account_type: accountType, tar_type: 'GZIP' },
    { certified: true, signType: 'HMAC-SHA256' },
  )

function checkedDate(billDate: string): string {
  if (/^\d{8}$/.test(billDate)) return billDate
  throw invalidParam('billDate', 'expected yyyyMMdd, such as 20260131')
}

const download = (
  merchant: V2Merchant,
  dependencies: ProviderDependencies,
  path: string,
  fields: V2Fields,
  way: V2Way = {},
): Promise<Bill> =>
  traced(dependencies, path, async () => {
    const { status, body } = await send(merchant, dependencies, path, fields, {
      ...way,
      maxBytes: MAX_BILL_FILE,
    })
    if (isMarkup(body)) throw complaint(body, status)
    if (status !== 200) throw billRefused(`was not given out (HTTP ${status})`)
    return { content: await billText(body) }
  })

const LESS_THAN = 0x3c

/** A bill is text that begins with a word, or gzip; what WeChat has against it is XML, with status 200 as well. */
function isMarkup(body: Buffer): boolean {
  const first = body.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf)
  return first === LESS_THAN
}

function complaint(body: Buffer, status: number): OpenapiError {
  const fields = readMessage(body)
  if (typeof fields === 'string') return billRefused(`was answered with a page (HTTP ${status})`)
  return fields.get('return_code') === 'SUCCESS' ? businessFailed(fields) : said(fields)
}

/** What `return_msg` says, whose capital letters differ between the documents and the wire. */
function said(fields: FlatXml): OpenapiError {
  const text = fields.get('return_msg') ?? ''
  const [, errCode, advice] = sayings.find(([known]) => known.test(text)) ?? UNHEARD
  const errMsg = `WeChat Pay said: ${text} (${fields.get('error_code') ?? 'no error_code'})`
  return new OpenapiError({ errCode, errMsg, advice, status: 502 })
}

/** https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_6 */
const sayings = [
  [/^no bill exist/i, 'NO_BILL_EXIST', 'fix the request'],
  [/^bill creating/i, 'BILL_CREATING', 'wait'],
  [/^(un)?compressgzip error/i, 'GZIP_ERROR', 'retry'],
  [/^systemerror/i, 'SYSTEMERROR', 'retry'],
  [/^invalid bill_type/i, 'INVALID_BILL_TYPE', 'fix the request'],
  [/^data format error/i, 'INVALID_BILL_DATE', 'fix the request'],
  [/^missing parameter/i, 'LACK_PARAMS', 'fix the request'],
  [/^sign error/i, 'SIGNERROR', 'fix the settings'],
] as const

const UNHEARD = [undefined, 'RETURN_FAIL', 'fix the settings'] as const
