import { inflateRaw } from 'node:zlib'
import { type AlipayClient, callAlipay } from '../../alipay/client.js'
import { notAnAnswer } from '../../alipay/failure.js'
import { GBK } from '../../alipay/message.js'
import { unverified } from '../../alipay/signature.js'
import type { AlipayApp } from '../../config/alipayApp.js'
import { invalidParam } from '../../errors/index.js'
import { pageText } from '../../http/http.js'
import { billRefused } from '../bill.js'
import type { Bill, BillFile, BillRequest } from '../provider.js'
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
  return billOf(answer.body)
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

export interface ZipFile {
  name: Buffer
  /** Whether the name is UTF-8 for certain; otherwise it is in the charset of whoever packed it. */
  isNameUtf8: boolean
  content: Buffer
}

const END = Buffer.from('PK\x05\x06', 'latin1')
/** Behind them a comment may follow. */
const END_BYTES = 22
const ENTRY = 0x02014b50
const ENTRY_BYTES = 46
const LOCAL = 0x04034b50
const LOCAL_BYTES = 30
const ENCRYPTED = 1
const UTF8_NAME = 1 << 11
const STORED = 0
const DEFLATED = 8

/** A bill that unpacks to more than this does not fit into a cloud function. */
const MAX_TOTAL_BYTES = 256 * 1024 * 1024

/**
 * The files of a ZIP archive, by its directory: stored or deflated, neither encrypted nor ZIP64. Throws on everything
 * else, on what is cut short, and on what unpacks to another size than it says.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function zipFiles(archive: Buffer): Promise<ZipFile[]> {
  const end = archive.lastIndexOf(END)
  if (end === -1 || archive.length < end + END_BYTES + archive.readUInt16LE(end + 20)) throw notZip()
  const count = archive.readUInt16LE(end + 10)
  const files: ZipFile[] = []
  let at = archive.readUInt32LE(end + 16)
  let total = 0
  for (let n = 0; n < count; n++) {
    const entry = entryAt(archive, at)
    total += entry.size
    if (total > MAX_TOTAL_BYTES) throw new Error('the archive unpacks to more than fits')
    if (!entry.isFolder) files.push(await unpacked(archive, entry))
    at = entry.next
  }
  return files
}

interface Entry {
  name: Buffer
  isNameUtf8: boolean
  isFolder: boolean
  method: number
  packedSize: number
  size: number
  /** Where the file's own header is. */
  local: number
  /** Where the next entry is. */
  next: number
}

function entryAt(archive: Buffer, at: number): Entry {
  if (archive.readUInt32LE(at) !== ENTRY) throw notZip()
  const flags = archive.readUInt16LE(at + 8)
  if (flags & ENCRYPTED) throw new Error('the archive is encrypted')
  const nameEnd = at + ENTRY_BYTES + archive.readUInt16LE(at + 28)
  const name = archive.subarray(at + ENTRY_BYTES, nameEnd)
  return {
    name,
    isNameUtf8: (flags & UTF8_NAME) !== 0,
    isFolder: name.at(-1) === 0x2f,
    method: archive.readUInt16LE(at + 10),
    packedSize: archive.readUInt32LE(at + 20),
    size: archive.readUInt32LE(at + 24),
    local: archive.readUInt32LE(at + 42),
    next: nameEnd + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32),
  }
}

async function unpacked(archive: Buffer, entry: Entry): Promise<ZipFile> {
  const { name, isNameUtf8, method, packedSize, size, local } = entry
  if (archive.readUInt32LE(local) !== LOCAL) throw notZip()
  const start = local + LOCAL_BYTES + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  const packed = archive.subarray(start, start + packedSize)
  if (method !== STORED && method !== DEFLATED)
    throw new Error('the archive is packed in a way not known here')
  const content = method === STORED ? packed : await inflated(packed, size)
  if (content.length !== size) throw notZip()
  return { name, isNameUtf8, content }
}

const inflated = (packed: Buffer, size: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const settled = (error: Error | null, content: Buffer) => (error ? reject(error) : resolve(content))
    inflateRaw(packed, { maxOutputLength: Math.max(1, size) }, settled)
  })

const notZip = () => new Error('not a whole ZIP archive')
