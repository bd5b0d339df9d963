import { type AlipayClient, callAlipay } from '../../alipay/client.js'
import { notAnAnswer } from '../../alipay/failure.js'
import { GBK } from '../../alipay/message.js'
import { unverified } from '../../alipay/signature.js'
import { fromBeijing } from '../../clock.js'
import type { AlipayApp } from '../../config/alipayApp.js'
import { invalidParam, OpenapiError } from '../../errors/index.js'
import { pageText } from '../../http/http.js'
import { billRefused } from '../bill.js'
import type { Bill, BillFile, BillFileRequest, BillRequest, RawBill } from '../provider.js'
import { type ZipFile, zipFiles } from '../zip.js'
import { fieldsIn } from './facts.js'

const MAX_BILL_BYTES = 128 * 1024 * 1024

/** Left for unpacking. */
const RESERVE_MS = 1000

/** In the name of the file that only has totals. */
const TOTALS = '汇总'

/**
 * The bill of a day (`yyyyMMdd`) or a month (`yyyyMM`). `billType` is Alipay's: `trade`, which is the default, or
 * `signcustomer` for all that moved on the account. Alipay packs several GBK tables into a ZIP file; `content` is the
 * one with the transactions. The address it gives lives for half a minute.
 * https://opendocs.alipay.com/open/3c9f1bcf_alipay.data.dataservice.bill.downloadurl.query
 */
export async function downloadBill(client: AlipayClient, request: BillRequest): Promise<Bill> {
  return billOf(await fetchArchive(client, request))
}

/** What Alipay says where there is none, in the words of the wire and of its documents. */
const NONE =
  /^(?:isp[.])?(?:no_statement_exist|bill[_-]not[_-]exist|no[_-]bill[_-]data|bill[_-]date[_-]before[_-]registration)$/i

/** A day's bill has to be there at ten of the next morning: until then the same answer says that it is still made. */
const READY_MS = (24 + 10) * 3600 * 1000

/** The archive of a bill, for which nothing vouches but its totals; undefined when nothing happened on that day. */
export async function fetchBill(
  client: AlipayClient,
  { billDate: day, kind }: BillFileRequest,
): Promise<RawBill | undefined> {
  try {
    const billType = kind === 'trade' ? 'trade' : 'signcustomer'
    return { file: await fetchArchive(client, { billDate: day, billType }) }
  } catch (error) {
    const isReady = client.dependencies.clock.now() >= fromBeijing(day) + READY_MS
    // An unsigned refusal, which anybody can make up, says nothing.
    const isProved = error instanceof OpenapiError && error.outcome === 'failed'
    if (isReady && isProved && NONE.test(String(error.errCode))) return undefined
    throw error
  }
}

async function fetchArchive(client: AlipayClient, request: BillRequest): Promise<Buffer> {
  const { app, dependencies } = client
  const { fields } = await callAlipay(client, {
    method: 'alipay.data.dataservice.bill.downloadurl.query',
    bizContent: { bill_type: billType(request), bill_date: billDate(request) },
    repeat: 'safe',
  })
  const url = addressOf(app, fieldsIn(fields)('bill_download_url') ?? '')
  const timeoutMs = dependencies.timeLeft() - RESERVE_MS
  const answer = await dependencies.http.request({
    ...{ method: 'GET', url, timeoutMs, maxBytes: MAX_BILL_BYTES },
  })
  const { status } = answer
  if (status !== 200) throw notAnAnswer(`HTTP ${status} in place of the bill`, undefined, pageText(answer))
  return answer.body
}

/** WeChat's name for all kinds is taken for Alipay's. */
const billType = ({ billType = 'ALL' }: BillRequest): string => (billType === 'ALL' ? 'trade' : billType)

function billDate({ billDate }: BillRequest): string {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})?$/.exec(billDate) ?? []
  if (year === undefined)
    throw invalidParam('billDate', 'expected a day such as 20240131, or a month such as 202401')
  return [year, month, day].filter((part) => part !== undefined).join('-')
}

/** Alipay writes `http:` in most of its answers and serves the same under `https:`. */
function addressOf({ gateway }: AlipayApp, address: string): string {
  try {
    const url = new URL(address)
    if (url.origin === new URL(gateway).origin) return url.href
    if (url.protocol === 'http:') url.protocol = 'https:'
    if (url.protocol === 'https:' && url.port === '' && /\.(alipay|alipaydev)\.com$/.test(url.hostname))
      return url.href
  } catch {
    // Not an address at all, which is refused like a foreign one.
  }
  throw unverified('an address that is not its own')
}

async function billOf(archive: Buffer): Promise<Bill> {
  const found = await zipFiles(archive).catch((cause: unknown): never => {
    // After half a minute the address answers with a page.
    if (!isArchive(archive)) throw notAnAnswer('something that is no bill', undefined)
    throw billRefused('cannot be unpacked, or is cut short', cause)
  })
  const files = found.map(billFile)
  const transactions = files.find(({ name }) => !name.includes(TOTALS)) ?? files[0]
  return { content: transactions?.content ?? '', files }
}

const isArchive = (file: Buffer): boolean => 'PK'.startsWith(file.toString('latin1', 0, 2))

function billFile({ name, isNameUtf8, content }: ZipFile): BillFile {
  const gbk = new TextDecoder(GBK)
  return { name: isNameUtf8 ? name.toString('utf8') : gbk.decode(name), content: gbk.decode(content) }
}
