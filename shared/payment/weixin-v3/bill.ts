import { createHash } from 'node:crypto'
import { invalidParam } from '../../errors/index.js'
import { billRefused, billText, hasUpstreamCode, MAX_BILL_FILE, notGivenOut } from '../bill.js'
import type { Bill, BillFileRequest, BillRequest, FundflowRequest, RawBill } from '../provider.js'
import { callV3, domainsOf, readAnswer, sendSigned, target, type V3Client } from './client.js'
import { oneOf, requiredText } from './fields.js'
import type { V3Merchant } from './signature.js'

/**
 * All trades of a day, in yuan, as text. `billType` is passed on, since WeChat Pay adds kinds.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012791907
 */
export async function downloadBill(
  client: V3Client,
  { billDate, billType = 'ALL' }: BillRequest,
): Promise<Bill> {
  return download(client, '/v3/bill/tradebill', { bill_date: wireDate(billDate), bill_type: billType })
}

/**
 * All movements of an account of a day, in yuan, as text. `accountType` as in the reference document: `Basic`
 * (default), `Operation` or `Fees`. https://pay.weixin.qq.com/doc/v3/merchant/4012791908
 */
export async function downloadFundflow(client: V3Client, request: FundflowRequest): Promise<Bill> {
  const { billDate, accountType = 'Basic' } = request
  const query = { bill_date: wireDate(billDate), account_type: accountType.toUpperCase() }
  return download(client, '/v3/bill/fundflowbill', query)
}

function wireDate(billDate: string): string {
  const date = /^(\d{4})(\d\d)(\d\d)$/.exec(billDate)
  if (date) return date.slice(1).join('-')
  throw invalidParam('billDate', 'expected yyyyMMdd, such as 20260131')
}

/** The file of a bill with the hash that was announced; undefined when nothing happened on that day. */
export async function fetchBill(
  client: V3Client,
  { billDate, kind }: BillFileRequest,
): Promise<RawBill | undefined> {
  const bill_date = wireDate(billDate)
  const announced =
    kind === 'trade'
      ? announce(client, '/v3/bill/tradebill', { bill_date, bill_type: 'ALL' })
      : announce(client, '/v3/bill/fundflowbill', { bill_date, account_type: 'BASIC' })
  return announced.catch((error: unknown) => {
    if (hasUpstreamCode(error, 'NO_STATEMENT_EXIST')) return undefined
    throw error
  })
}

async function download(client: V3Client, path: string, query: Record<string, string>): Promise<Bill> {
  const { file, sha1 } = await announce(client, path, query)
  return { content: await readBill(file, sha1) }
}

async function announce(
  client: V3Client,
  path: string,
  query: Record<string, string>,
): Promise<Required<RawBill>> {
  const answer = await callV3(client, {
    method: 'GET',
    target: target(path, { ...query, tar_type: 'GZIP' }),
    repeat: 'safe',
  })
  const { hash, url } = readAnswer(answer, (fields) => {
    oneOf(fields, 'hash_type', ['SHA1'])
    return { hash: requiredText(fields, 'hash_value'), url: requiredText(fields, 'download_url') }
  })
  return { file: await fetchFile(client, url), sha1: hash }
}

/** The file's answer carries no signature: its hash came in a signed one, and proves it. */
async function fetchFile(client: V3Client, url: string): Promise<Buffer> {
  const { merchant, dependencies } = client
  if (!isTrustedUrl(merchant, url)) {
    throw billRefused('lies at an address that is not of WeChat Pay; nothing was sent there')
  }
  const startedAt = dependencies.clock.now()
  let code: number | string = 'NO_ANSWER'
  try {
    const answer = await sendSigned(client, { method: 'GET', url, maxBytes: MAX_BILL_FILE })
    code = answer.status === 200 ? 0 : `HTTP_${answer.status}`
    if (answer.status === 200) return answer.body
    throw notGivenOut(answer)
  } finally {
    dependencies.upstream({ api: new URL(url).pathname, ms: dependencies.clock.now() - startedAt, code })
  }
}

/**
 * Whether an address may be sent our credentials: it begins with one of the domains we call anyway, and is written
 * the way a parser would write it, so that nobody else reads another host out of it.
 */
function isTrustedUrl(merchant: V3Merchant, url: string): boolean {
  try {
    const isOurs = domainsOf(merchant).some((domain) => url.startsWith(`${new URL(domain).origin}/`))
    return isOurs && new URL(url).href === url
  } catch {
    return false
  }
}

/**
 * The text of a bill file whose SHA-1 is `hash` (hex, either case). The hashes are taken while the file runs through.
 * WeChat Pay documents the hash of the unpacked file; that of the packed one is taken as well, since it does not say
 * so for every bill. BILL_REFUSED when it is another file.
 */
export async function readBill(file: Buffer, hash: string): Promise<string> {
  const packed = createHash('sha1')
  const unpacked = createHash('sha1')
  const text = await billText(file, { packed, unpacked })
  const found = [unpacked.digest('hex'), packed.digest('hex')]
  if (found.includes(hash.toLowerCase())) return text
  throw billRefused('has another hash than WeChat Pay announced')
}
