import { type Advice, invalidParam, type OpenapiError } from '../../errors/index.js'
import { type HttpAnswer, pageText } from '../../http/http.js'
import { traced } from '../../operation/operation.js'
import type { FlatXml } from '../../xml/flatXml.js'
import { billRefused, billText, hasUpstreamCode, MAX_BILL_FILE, notGivenOut } from '../bill.js'
import type { Bill, BillFileRequest, BillRequest, FundflowRequest, RawBill } from '../provider.js'
import { appIdOf, sendSigned, type V2Client, type V2Request } from './client.js'
import { businessFailed, failed, wordsOf } from './failure.js'
import { readMessage } from './signature.js'

/**
 * All trades of a day, in yuan, as text. `billType` as in the reference document.
 * https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_6
 */
export function downloadBill(client: V2Client, request: BillRequest): Promise<Bill> {
  const { billType = 'ALL' } = request
  return download(client, tradeRequest(client, request), !KNOWN_KINDS.has(billType))
}

const tradeRequest = (client: V2Client, request: BillRequest): BillCall => ({
  path: '/pay/downloadbill',
  fields: {
    ...{ appid: appIdOf(client, request), bill_date: checkedDate(request.billDate) },
    ...{ bill_type: request.billType ?? 'ALL', tar_type: 'GZIP' },
  },
})

/** The others are agreed on with single merchants, and how they end is documented nowhere. */
const KNOWN_KINDS: ReadonlySet<string> = new Set(['ALL', 'SUCCESS', 'REFUND'])

/**
 * All movements of an account of a day, in yuan, as text: under the client certificate, and by HMAC-SHA256 whatever
 * the merchant uses elsewhere. https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_18
 */
export const downloadFundflow = (client: V2Client, request: FundflowRequest): Promise<Bill> =>
  download(client, flowRequest(client, request))

const flowRequest = (client: V2Client, request: FundflowRequest): BillCall => ({
  path: '/pay/downloadfundflow',
  fields: {
    ...{ appid: appIdOf(client, request), bill_date: checkedDate(request.billDate) },
    ...{ account_type: request.accountType ?? 'Basic', tar_type: 'GZIP' },
  },
  certified: true,
  signType: 'HMAC-SHA256',
})

/** The file of a bill, for which nothing vouches but its totals; undefined when nothing happened on that day. */
export async function fetchBill(
  client: V2Client,
  { billDate, kind }: BillFileRequest,
): Promise<RawBill | undefined> {
  const asked = kind === 'trade' ? tradeRequest(client, { billDate }) : flowRequest(client, { billDate })
  try {
    return { file: await fetchFile(client, asked) }
  } catch (error) {
    if (hasUpstreamCode(error, 'NO_STATEMENT_EXIST')) return undefined
    throw error
  }
}

function checkedDate(billDate: string): string {
  if (/^\d{8}$/.test(billDate)) return billDate
  throw invalidParam('billDate', 'expected yyyyMMdd, such as 20260131')
}

type BillCall = Omit<V2Request, 'repeat'>

async function download(client: V2Client, request: BillCall, anyEnd = false): Promise<Bill> {
  const content = await billText(await fetchFile(client, request))
  if (!anyEnd) checkWhole(content)
  return { content }
}

const fetchFile = (client: V2Client, request: BillCall): Promise<Buffer> =>
  traced(client.dependencies, request.path, async () => {
    const answer = await sendSigned(client, {
      ...{ ...request, repeat: 'never', maxBytes: MAX_BILL_FILE },
    })
    if (isMarkup(answer.body)) throw refusal(answer)
    if (answer.status !== 200) throw notGivenOut(answer)
    return answer.body
  })

const LESS_THAN = 0x3c

/** A bill is text that begins with a word, or gzip; WeChat refuses it in XML, with status 200 as well. */
function isMarkup(body: Buffer): boolean {
  const first = body.find((byte) => byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf)
  return first === LESS_THAN
}

function refusal(answer: HttpAnswer): OpenapiError {
  const fields = readMessage(answer.body)
  if (typeof fields === 'string') {
    return billRefused(`was answered with a page (HTTP ${answer.status})`, undefined, pageText(answer))
  }
  return fields.get('return_code') === 'SUCCESS' ? businessFailed(fields) : returnFailed(fields)
}

/** By what `return_msg` says, whose capital letters differ between the documents and the wire. */
function returnFailed(fields: FlatXml): OpenapiError {
  const text = wordsOf(fields)
  const [, errCode, advice] = returnMessages.find(([known]) => known.test(text)) ?? OTHER
  const errorCode = fields.get('error_code') ?? 'no error_code'
  return failed(errCode, `${text} (${errorCode})`, advice && { advice })
}

/** Where no advice stands here, the table of codes has it. https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_6 */
const returnMessages: readonly (readonly [RegExp, errCode: string, advice?: Advice])[] = [
  [/^no bill exist/i, 'NO_BILL_EXIST'],
  [/^bill creating/i, 'BILL_CREATING', 'wait'],
  [/^(un)?compressgzip error/i, 'GZIP_ERROR', 'retry'],
  [/^systemerror/i, 'SYSTEMERROR', 'retry'],
  [/^invalid bill_type/i, 'INVALID_BILL_TYPE', 'fix the request'],
  [/^data format error/i, 'INVALID_BILL_DATE', 'fix the request'],
  [/^missing parameter/i, 'LACK_PARAMS', 'fix the request'],
  [/^sign error/i, 'SIGNERROR', 'fix the settings'],
]

const OTHER = [undefined, 'RETURN_FAIL', 'fix the settings'] as const

/** The first captions of the table that ends a bill of trades, or of movements. */
const TOTALS = ['总交易单数', '资金流水总笔数']

/**
 * Throws BILL_REFUSED for a bill that came without its end, or without some of its rows. A V2 bill carries no hash, and
 * a server that breaks off may name the length of what it sent: what vouches for the whole is the last line, whose
 * first total counts the rows. https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_6
 */
function checkWhole(text: string): void {
  const at = Math.max(...TOTALS.map((caption) => text.lastIndexOf(caption)))
  const start = text.lastIndexOf('\n', at) + 1
  const [captions = '', line = '', ...rest] = text.slice(start).split(/\r?\n/)
  const isTotals = at >= 0 && /^`?$/.test(text.slice(start, at))
  if (!isTotals || rest.join('').trim() !== '' || !isFinished(captions, line, rest.length > 0)) {
    throw billRefused('is cut short: its line of totals is missing or not whole')
  }
  const [counted] = valuesOf(line)
  if (Number(counted) !== rowsBefore(text, start)) throw billRefused('has other rows than its totals count')
}

const valuesOf = (line: string): string[] => line.split(',').map((value) => value.replace('`', '').trim())

/** Without a line break behind it, the last amount has to have all its decimals, or it may have had more digits. */
function isFinished(captions: string, line: string, hasLineBreak: boolean): boolean {
  const [names, values] = [valuesOf(captions), valuesOf(line)]
  if (names.length !== values.length || !values.every((value) => /^-?\d+(\.\d+)?$/.test(value))) return false
  const decimals = names.at(-1)?.startsWith('手续费') ? /\.\d{5}$/ : /\.\d{2}$/
  return hasLineBreak || decimals.test(values.at(-1) ?? '')
}

/** Every row begins with a backquote, and what merchants write has no line breaks in a bill. */
function rowsBefore(text: string, end: number): number {
  let rows = 0
  for (let at = text.indexOf('\n`'); at >= 0 && at < end - 1; at = text.indexOf('\n`', at + 1)) rows++
  return rows
}
