import type { Cause } from './causes.js'

/** A guess at what was sent, and what would then have happened to it on its way. */
export type Guess<Original = Buffer> = readonly [cause: Cause, original: Original]

const REPLACED = '\ufffd'

/** Node's `gbk` breaks characters of four bytes and reads some others as private ones. */
const GBK = 'gb18030'

/** Whether a text was read in a charset it is not in: what could not be read stands there as this one character. */
export const hasLostBytes = (text: string): boolean => text.includes(REPLACED)

/** What was sent, if its bytes were read as another charset and written again as UTF-8. */
export function* otherCharsets(body: Buffer): Generator<Guess> {
  const text = body.toString('utf8')
  const latin1 = Buffer.from(text, 'latin1')
  if (!latin1.equals(body) && latin1.toString('latin1') === text) yield ['wrong charset', latin1]
  const gbk = isPlain(text) ? undefined : gbkBytes(text)
  if (gbk) yield ['wrong charset', gbk]
  if (body.length % 2 === 0 && body.includes(0)) {
    yield ['wrong charset', Buffer.from(body.toString('utf16le').replace(/^\ufeff/, ''))]
  }
  const fromGbk = Buffer.from(new TextDecoder(GBK).decode(body))
  if (!isPlain(text) && !fromGbk.equals(body)) yield ['wrong charset', fromGbk]
}

const isPlain = (text: string): boolean => /^[\t\n\r -~]*$/.test(text)

/**
 * The text in GBK as its senders write it, which is GB18030: two bytes for what stands in its table, four for every
 * other character. Undefined when it holds what has no bytes there, such as half a surrogate pair.
 */
export function gbkBytes(text: string): Buffer | undefined {
  const parts: Buffer[] = []
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    const bytes =
      code < 0x80
        ? Buffer.of(code)
        : code > 0xffff
          ? fourBytes(code - 0x10000 + ASTRAL_FOURS)
          : sequences().get(character)
    if (bytes === undefined) return undefined
    parts.push(bytes)
  }
  return Buffer.concat(parts)
}

/** The four bytes with this number; from {@link ASTRAL_FOURS} on they follow Unicode's own order. */
const fourBytes = (index: number): Buffer =>
  Buffer.of(
    0x81 + Math.floor(index / 12_600),
    0x30 + (Math.floor(index / 1260) % 10),
    0x81 + (Math.floor(index / 10) % 126),
    0x30 + (index % 10),
  )

const ASTRAL_FOURS = 189_000

/** How many of Unicode's first 65,536 characters have four bytes. */
const SHORT_FOURS = 39_420

const LEADS = [0x81, 0xfe] as const
const TRAILS = [0x40, 0xfe] as const

let table: Map<string, Buffer> | undefined

/** Node reads GB18030 and does not write it: every sequence is read once, and looked up the other way. */
function sequences(): Map<string, Buffer> {
  if (table) return table
  const known = new Map<string, Buffer>()
  const decoder = new TextDecoder(GBK)
  const add = (bytes: Buffer) => {
    const character = decoder.decode(bytes)
    if ([...character].length === 1 && character !== REPLACED && !known.has(character))
      known.set(character, bytes)
  }
  for (let lead: number = LEADS[0]; lead <= LEADS[1]; lead++) {
    for (let trail: number = TRAILS[0]; trail <= TRAILS[1]; trail++) add(Buffer.of(lead, trail))
  }
  for (let index = 0; index < SHORT_FOURS; index++) add(fourBytes(index))
  table = known
  return known
}
