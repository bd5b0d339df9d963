import { createHash } from 'node:crypto'
import { billRefused, billText } from '../bill.js'

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
