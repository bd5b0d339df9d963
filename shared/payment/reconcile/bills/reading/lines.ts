import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { billRefused } from '../../../bill.js'

/** Bytes that are unpacked at a time. */
export const CHUNK_BYTES = 64 * 1024

/** A row has some hundred bytes; what goes on without a line break is no bill. */
const MAX_LINE_BYTES = 64 * 1024

const LINE_FEED = 0x0a

/** The bytes of a file piece by piece, unpacked where it is gzip: its first bytes decide. */
export async function* unpackedBytes(file: Buffer): AsyncGenerator<Buffer> {
  if (file[0] !== 0x1f || file[1] !== 0x8b) {
    for (let at = 0; at < file.length; at += CHUNK_BYTES) yield file.subarray(at, at + CHUNK_BYTES)
    return
  }
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
  Readable.from(slices(file)).pipe(gunzip)
  yield* piecesOf(gunzip)
}

/** What a stream gives; that it breaks is the file's fault. */
export async function* piecesOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const piece of stream) yield piece as Buffer
  } catch (cause) {
    throw billRefused('is broken, or cut short', cause)
  } finally {
    stream.destroy()
  }
}

export function* slices(file: Buffer): Generator<Buffer> {
  for (let at = 0; at < file.length; at += CHUNK_BYTES) yield file.subarray(at, at + CHUNK_BYTES)
}

/**
 * The lines of a text, those of one piece at a time. Pieces are cut at line breaks before they are decoded, since neither
 * UTF-8 nor GB18030 has the byte of a line break inside a character: no character is ever cut.
 */
export async function* lines(
  pieces: AsyncIterable<Buffer>,
  decode: (bytes: Buffer) => string,
): AsyncGenerator<string[]> {
  let rest: Buffer | undefined
  for await (const piece of pieces) {
    const end = piece.lastIndexOf(LINE_FEED)
    if (end === -1) {
      rest = rest ? Buffer.concat([rest, piece]) : piece
      if (rest.length > MAX_LINE_BYTES) throw billRefused('has a line that is too long')
      continue
    }
    const whole = piece.subarray(0, end)
    const text = decode(rest ? Buffer.concat([rest, whole]) : whole)
    rest = end + 1 < piece.length ? piece.subarray(end + 1) : undefined
    yield text.split('\n')
  }
  if (rest) yield [decode(rest)]
}

/** A line without the CR of its line break. */
export const bare = (line: string): string =>
  line.charCodeAt(line.length - 1) === 0x0d ? line.slice(0, -1) : line
