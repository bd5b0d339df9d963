import { Readable } from 'node:stream'
import { createInflateRaw } from 'node:zlib'
import { billRefused } from '../../../bill.js'
import { type ZipEntry, zipEntries } from '../../../zip.js'
import { CHUNK_BYTES, lines, piecesOf, slices } from './lines.js'

/** GBK and all that has come after it; Node's own `gbk` breaks characters of four bytes. */
const decoder = new TextDecoder('gb18030')

const decode = (bytes: Buffer): string => decoder.decode(bytes)

/** Behind more members than these there is no bill of Alipay's. */
const MAX_MEMBERS = 100

/** The members of a bill of Alipay's, a ZIP archive. Their names are looked at by nobody. BILL_REFUSED. */
export function members(file: Buffer): ZipEntry[] {
  // After half a minute the address of a bill answers with a page.
  if (file.toString('latin1', 0, 2) !== 'PK') throw billRefused('is no archive: its address had expired')
  try {
    const entries = zipEntries(file)
    if (entries.length > 0 && entries.length <= MAX_MEMBERS) return entries
  } catch (cause) {
    throw billRefused('cannot be unpacked, or is cut short', cause)
  }
  throw billRefused('has no members, or too many')
}

/** The lines of one member, some at a time, unpacked and decoded piece by piece. */
export const memberLines = (entry: ZipEntry): AsyncGenerator<string[]> => lines(bytesOf(entry), decode)

async function* bytesOf({ packed, isDeflated, size }: ZipEntry): AsyncGenerator<Buffer> {
  let found = 0
  for await (const piece of isDeflated ? inflated(packed) : slices(packed)) {
    found += piece.length
    if (found > size) break
    yield piece
  }
  if (found !== size) throw billRefused('unpacks to another size than it says')
}

function inflated(packed: Buffer): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: CHUNK_BYTES })
  Readable.from(slices(packed)).pipe(inflate)
  return piecesOf(inflate)
}
