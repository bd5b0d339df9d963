import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { crc32, deflateRaw } from 'node:zlib'

/** One file of an archive. */
export interface ZipFile {
  /** With forward slashes, ASCII. */
  path: string
  bytes: Buffer
}

interface Packed {
  path: Buffer
  crc: number
  size: number
  deflated: Buffer
}

const deflate = promisify(deflateRaw)

/** Makes archives; what several of them share is compressed once. */
export type Zipper = (files: readonly ZipFile[]) => Promise<Buffer>

/**
 * A zipper whose archives depend on names and contents alone: sorted, dated 1980, readable by all. APPNOTE.TXT 4.3;
 * archives beyond 4 GB are not made here.
 */
export function openZipper(): Zipper {
  const known = new Map<string, Promise<Buffer>>()
  const deflated = (bytes: Buffer): Promise<Buffer> => {
    const digest = createHash('sha256').update(bytes).digest('base64')
    const work = known.get(digest) ?? deflate(bytes, { level: 9 })
    known.set(digest, work)
    return work
  }
  return async (files) => {
    const sorted = [...files].sort((one, other) => (one.path < other.path ? -1 : 1))
    const packed = sorted.map(async ({ path, bytes }) => ({
      path: Buffer.from(path),
      crc: crc32(bytes),
      size: bytes.length,
      deflated: await deflated(bytes),
    }))
    return archive(await Promise.all(packed))
  }
}

function archive(files: readonly Packed[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const file of files) {
    const shared = sharedHeader(file)
    const local = Buffer.concat([signature(0x04034b50), shared, file.path, file.deflated])
    parts.push(local)
    directory.push(directoryEntry(file, shared, offset))
    offset += local.length
  }
  const central = Buffer.concat(directory)
  return Buffer.concat([...parts, central, endOfDirectory(files.length, central.length, offset)])
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const VERSION = 20
const DEFLATED = 8
const FIRST_OF_1980 = 0x21

/** What a file's own header and its directory entry have in common. */
function sharedHeader({ path, crc, size, deflated }: Packed): Buffer {
  const header = Buffer.alloc(26)
  header.writeUInt16LE(VERSION, 0)
  header.writeUInt16LE(DEFLATED, 4)
  header.writeUInt16LE(FIRST_OF_1980, 8)
  header.writeUInt32LE(crc, 10)
  header.writeUInt32LE(deflated.length, 14)
  header.writeUInt32LE(size, 18)
  header.writeUInt16LE(path.length, 22)
  return header
}

const MADE_BY_UNIX = 0x0300 | VERSION
/** A regular file, rw-r--r--: without it the platform unpacks files that nobody may read. */
const PLAIN_FILE = 0o100644 << 16

function directoryEntry({ path }: Packed, shared: Buffer, offset: number): Buffer {
  const madeBy = Buffer.alloc(2)
  madeBy.writeUInt16LE(MADE_BY_UNIX)
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(PLAIN_FILE >>> 0, 6)
  rest.writeUInt32LE(offset, 10)
  return Buffer.concat([signature(0x02014b50), madeBy, shared, rest, path])
}

function endOfDirectory(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(18)
  end.writeUInt16LE(count, 4)
  end.writeUInt16LE(count, 6)
  end.writeUInt32LE(size, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([signature(0x06054b50), end])
}
