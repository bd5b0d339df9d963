import { crc32, deflateRawSync } from 'node:zlib'

export interface Packed {
  name: Buffer
  content: Buffer
}

/** 1 January 1980, as the format writes dates. */
const DATE = 0x21

/** A ZIP archive, names as bytes of whatever charset they are in. */
export function zip(files: readonly Packed[]): Buffer {
  const locals: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const { name, content } of files) {
    const packed = deflateRawSync(content)
    const common = Buffer.alloc(26)
    // Version, flags, method (deflate), time, date.
    for (const [at, value] of [20, 0, 8, 0, DATE].entries()) common.writeUInt16LE(value, 2 * at)
    for (const [at, value] of [crc32(content), packed.length, content.length].entries()) {
      common.writeUInt32LE(value, 10 + 4 * at)
    }
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, packed])
    const entry = Buffer.alloc(14)
    entry.writeUInt32LE(offset, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, entry, name)
    locals.push(local)
    offset += local.length
  }
  return Buffer.concat([
    ...locals,
    ...directory,
    endOf(files.length, Buffer.concat(directory).length, offset),
  ])
}

function endOf(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return end
}
