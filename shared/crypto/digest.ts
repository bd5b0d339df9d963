import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** Lower-case hex. Texts are hashed as UTF-8. */
export const md5Hex = (data: string | Buffer): string => createHash('md5').update(data).digest('hex')

/** Lower-case hex. */
export const sha1Hex = (data: string | Buffer): string => createHash('sha1').update(data).digest('hex')

/** Lower-case hex. */
export const sha256Hex = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex')

/** The 32 bytes of HMAC-SHA256; a text key stands for its UTF-8 bytes. */
export const hmacSha256 = (key: string | Buffer, data: string | Buffer): Buffer =>
  createHmac('sha256', key).update(data).digest()

/** Lower-case hex of {@link hmacSha256}. */
export const hmacSha256Hex = (key: string | Buffer, data: string | Buffer): string =>
  createHmac('sha256', key).update(data).digest('hex')

/** Whether two texts are equal, in a time that tells nothing of where they differ. Only the lengths may show. */
export function sameText(one: string, other: string): boolean {
  const a = Buffer.from(one)
  const b = Buffer.from(other)
  return a.length === b.length && timingSafeEqual(a, b)
}

/** A field to be signed. */
type Field = readonly [name: string, value: string | null | undefined]

/** Fields to be signed, in any order. */
export type Signable = Iterable<Field>

/**
 * The text WeChat Pay V2 and Alipay sign: `name=value` joined by `&`, in byte order of the names, values as they are
 * meant (nothing percent-encoded, no XML escapes). Empty values and the names in `leaveOut` do not count; `0` does.
 * Loops, since beside an MD5 each array that is made shows.
 */
export function joinedByName(fields: Signable, leaveOut: readonly string[]): string {
  const counting: Field[] = []
  for (const field of fields) if (field[1] && !leaveOut.includes(field[0])) counting.push(field)
  counting.sort((one, other) => (one[0] < other[0] ? -1 : 1))
  let text = ''
  for (const [name, value] of counting) text += `${text && '&'}${name}=${value}`
  return text
}
