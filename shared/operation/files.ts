import * as v from 'valibot'
import { named, object, text } from './fields.js'

export interface UploadedFile {
  /** MIME type. */
  contentType: string
  value: Buffer
}

/** No two neighbours take the same character: there is one way to read a text, so a hostile one costs no search. */
const BASE64 = /^[A-Za-z0-9+/\s]+(?:=\s*){0,2}$/

/** A function's input is JSON, so its files are base64 (a data URL's head is cut off); the library hands in bytes. */
function toBytes(value: unknown): Buffer | undefined {
  if (Buffer.isBuffer(value)) return value
  if (value instanceof Uint8Array) return Buffer.from(value)
  const base64 = typeof value === 'string' ? value.replace(/^data:[^,]*;base64,/, '') : ''
  return BASE64.test(base64) ? Buffer.from(base64, 'base64') : undefined
}

/** A file to upload, `{ contentType, value }`, of at most `maxBytes`. `types` is what its content type may be. */
export function file(maxBytes: number, types: RegExp, like: string) {
  const expected = `expected bytes, or their base64, from 1 to ${maxBytes} bytes`
  return object({
    contentType: named('contentType', text({ max: 127, pattern: types, like })),
    value: v.pipe(
      v.custom<Uint8Array | string>((value) => toBytes(value) !== undefined, expected),
      v.metadata({ like: expected.replace('expected ', ''), type: 'string', contentEncoding: 'base64' }),
      v.transform((value): Buffer => toBytes(value) ?? Buffer.alloc(0)),
      v.check((bytes) => bytes.length > 0 && bytes.length <= maxBytes, expected),
    ),
  })
}

export const picture = (maxBytes: number) =>
  file(maxBytes, /^image\/(png|jpe?g|gif|bmp)$/, 'the MIME type of a picture, such as image/png')
