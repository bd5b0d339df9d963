import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { BILL_REFUSED, OpenapiError, openapiError } from '../errors/index.js'
import { type HttpAnswer, pageText } from '../http/http.js'

/** The largest file that is fetched, in bytes; most are packed. */
export const MAX_BILL_FILE = 128 * 1024 * 1024

/** Unpacked, in bytes: half a million trades, and more than a function's memory should be asked for. */
const MAX_BILL_TEXT = 200 * 1024 * 1024

const SLICE_BYTES = 64 * 1024

/** Is given the bytes of a file piece by piece: a hash, say. */
export interface ByteObserver {
  update(chunk: Buffer): unknown
}

/**
 * The text of a bill, gzip or plain: its first bytes decide, since neither header nor parameter is reliable. A BOM
 * in front is left out. `packed` and `unpacked` see the bytes that their names say. BILL_REFUSED when the file is
 * broken or too large.
 */
export async function billText(
  file: Buffer,
  { packed, unpacked }: { packed?: ByteObserver; unpacked?: ByteObserver } = {},
): Promise<string> {
  const texts: string[] = []
  const decoder = new TextDecoder('utf-8')
  let size = 0
  const keep = async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      size += chunk.length
      if (size > MAX_BILL_TEXT) return
      unpacked?.update(chunk)
      texts.push(decoder.decode(chunk, { stream: true }))
    }
  }
  const source = Readable.from(slices(file))
  try {
    await (isGzip(file)
      ? pipeline(source, observedBy(packed), createGunzip(), keep)
      : pipeline(source, observedBy(packed), keep))
  } catch (cause) {
    if (size <= MAX_BILL_TEXT) throw billRefused('is broken', cause)
  }
  if (size > MAX_BILL_TEXT) throw billRefused('is larger than can be read here')
  return texts.join('') + decoder.decode()
}

function* slices(file: Buffer): Generator<Buffer> {
  for (let at = 0; at < file.length; at += SLICE_BYTES) yield file.subarray(at, at + SLICE_BYTES)
}

const isGzip = (file: Buffer): boolean => file[0] === 0x1f && file[1] === 0x8b

const observedBy = (onlooker: ByteObserver | undefined): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onlooker?.update(chunk)
      done(null, chunk)
    },
  })

/** Whether a platform answered with this code, which is none of our own table's. */
export const hasUpstreamCode = (error: unknown, code: string): boolean =>
  error instanceof OpenapiError && error.errCode === code

/** The server of the files refused this one. */
export const notGivenOut = (answer: HttpAnswer): OpenapiError =>
  billRefused(`was not given out (HTTP ${answer.status})`, undefined, pageText(answer))

/** The bill that was fetched is not one, or not the one that was announced. */
export const billRefused = (what: string, cause?: unknown, words?: string): OpenapiError =>
  openapiError(BILL_REFUSED, { problem: what }, { cause, words })
