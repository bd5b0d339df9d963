import { inflateRaw } from 'node:zlib'

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
  const files: ZipFile[] = []
  let total = 0
  for (const entry of zipEntries(archive)) {
    total += entry.size
    if (total > MAX_TOTAL_BYTES) throw new Error('the archive unpacks to more than fits')
    files.push(await unpacked(entry))
  }
  return files
}

/** A file of an archive as it lies there, for who unpacks it piece by piece. */
export interface ZipEntry extends Omit<ZipFile, 'content'> {
  packed: Buffer
  isDeflated: boolean
  /** Bytes once unpacked, as the archive says. */
  size: number
}

/** The same, still packed. */
export function zipEntries(archive: Buffer): ZipEntry[] {
  const end = archive.lastIndexOf(END)
  if (end === -1 || archive.length < end + END_BYTES + archive.readUInt16LE(end + 20)) throw notZip()
  const count = archive.readUInt16LE(end + 10)
  const entries: ZipEntry[] = []
  let at = archive.readUInt32LE(end + 16)
  for (let n = 0; n < count; n++) {
    const entry = entryAt(archive, at)
    if (!entry.isFolder) entries.push(packedAt(archive, entry))
    at = entry.next
  }
  return entries
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

function packedAt(archive: Buffer, entry: Entry): ZipEntry {
  const { name, isNameUtf8, method, packedSize, size, local } = entry
  if (archive.readUInt32LE(local) !== LOCAL) throw notZip()
  const start = local + LOCAL_BYTES + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  if (method !== STORED && method !== DEFLATED)
    throw new Error('the archive is packed in a way not known here')
  const packed = archive.subarray(start, start + packedSize)
  return { name, isNameUtf8, packed, isDeflated: method === DEFLATED, size }
}

async function unpacked({ name, isNameUtf8, packed, isDeflated, size }: ZipEntry): Promise<ZipFile> {
  const content = isDeflated ? await inflated(packed, size) : packed
  if (content.length !== size) throw notZip()
  return { name, isNameUtf8, content }
}

const inflated = (packed: Buffer, size: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const settled = (error: Error | null, content: Buffer) => (error ? reject(error) : resolve(content))
    inflateRaw(packed, { maxOutputLength: Math.max(1, size) }, settled)
  })

const notZip = () => new Error('not a whole ZIP archive')
