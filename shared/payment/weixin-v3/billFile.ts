import { createHash } from 'node:crypto'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { OpenapiError } from '../../errors/index.js'

/** Unpacked; beyond any day of any merchant a function could hold in memory. */
const MAX_BYTES = 400 * 1024 * 1024

const SLICE_BYTES = 64 * 1024

/**
 * The text of a bill file, gzip or plain, whose SHA-1 is `hash` (hex, either case). The hashes are taken while the
 * file runs through. WeChat Pay documents the hash of the unpacked file; that of the packed one is taken as well,
 * since it does not say so for every bill. BILL_REFUSED when it is another file.
 */
export async function readBill(file: Buffer, hash: string): Promise<string> {
  const packed = createHash('sha1')
  const unpacked = createHash('sha1')
  const texts: string[] = []
  const decoder = new TextDecoder('utf-8')
  let size = 0
  const keep = async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      size += chunk.length
      if (size > MAX_BYTES) throw refused('is larger than can be read here')
      unpacked.update(chunk)
      texts.push(decoder.decode(chunk, { stream: true }))
    }
  }
  const source = Readable.from(slices(file))
  try {
    await (isGzip(file)
      ? pipeline(source, tap(packed), createGunzip(), keep)
      : pipeline(source, tap(packed), keep))
  } catch (cause) {
    throw cause instanceof OpenapiError ? cause : refused('is broken', cause)
  }
  const found = [unpacked.digest('hex'), packed.digest('hex')]
  if (!found.includes(hash.toLowerCase())) throw refused('has another hash than WeChat Pay announced')
  return texts.join('') + decoder.decode()
}

function* slices(file: Buffer): Generator<Buffer> {
  for (let at = 0; at < file.length; at += SLICE_BYTES) yield file.subarray(at, at + SLICE_BYTES)
}

/** By its first bytes: neither header nor parameter tells reliably. */
const isGzip = (file: Buffer): boolean => file[0] === 0x1f && file[1] === 0x8b

const tap = (hash: { update(chunk: Buffer): unknown }): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })

const refused = (what: string, cause?: unknown): OpenapiError =>
  new OpenapiError({
    errCode: 'BILL_REFUSED',
    errMsg: `the file of the bill ${what}`,
    advice: 'retry',
    status: 502,
    cause,
  })
