import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate, inflateRaw, type ZlibOptions } from 'node:zlib'

type Unpack = (body: Buffer, options: ZlibOptions) => Promise<Buffer>

const unzip = promisify<Buffer, ZlibOptions, Buffer>(gunzip)

/** What an answer may be packed with; axios asks for these. https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1 */
const encodings: Readonly<Record<string, Unpack>> = {
  gzip: unzip,
  'x-gzip': unzip,
  deflate: (body, options) => (hasZlibHead(body) ? zlibbed(body, options) : deflated(body, options)),
  br: promisify<Buffer, ZlibOptions, Buffer>(brotliDecompress),
}

const zlibbed = promisify<Buffer, ZlibOptions, Buffer>(inflate)
const deflated = promisify<Buffer, ZlibOptions, Buffer>(inflateRaw)

/** Some servers leave out the head that `deflate` has by its specification. */
const hasZlibHead = (body: Buffer): boolean =>
  body.length > 1 && ((body[0] ?? 0) & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0

/**
 * The body that was packed as the header `content-encoding` says, by several means perhaps. Rejects when it is not whole,
 * and with ERR_BUFFER_TOO_LARGE when it has more than `maxBytes`. What is packed in a way nobody asked for stays as it is.
 */
export async function unpacked(body: Buffer, contentEncoding: string, maxBytes: number): Promise<Buffer> {
  let bytes = body
  const names = contentEncoding.toLowerCase().split(',')
  for (const name of names.map((each) => each.trim()).reverse()) {
    const unpack = Object.hasOwn(encodings, name) ? encodings[name] : undefined
    if (unpack) bytes = await unpack(bytes, { maxOutputLength: maxBytes })
  }
  return bytes
}
