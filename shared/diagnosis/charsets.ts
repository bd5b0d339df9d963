import type { Cause } from './causes.js'

/** A guess at what was sent, and what would then have happened to it on its way. */
export type Guess<Original = Buffer> = readonly [cause: Cause, original: Original]

const REPLACED = '\ufffd'

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
  const fromGbk = Buffer.from(new TextDecoder('gbk').decode(body))
  if (!isPlain(text) && !fromGbk.equals(body)) yield ['wrong charset', fromGbk]
}

const isPlain = (text: string): boolean => /^[\t\n\r -~]*$/.test(text)

/** The text in GBK; undefined when it holds what GBK has no way to write. */
export function gbkBytes(text: string): Buffer | undefined {
  const bytes: number[] = []
  for (const character of text) {
    const code = character.charCodeAt(0)
    const pair = code < 0x80 ? undefined : gbkPairs().get(character)
    if (code < 0x80) bytes.push(code)
    else if (pair === undefined) return undefined
    else bytes.push(pair >> 8, pair & 0xff)
  }
  return Buffer.from(bytes)
}

const LEADS = [0x81, 0xfe] as const
const TRAILS = [0x40, 0xfe] as const
const LINE_FEED = 0x0a

let table: Map<string, number> | undefined

/** Node reads GBK and does not write it: every pair of bytes is read once, and looked up the other way. */
function gbkPairs(): Map<string, number> {
  if (table) return table
  const numbers: number[] = []
  for (let lead: number = LEADS[0]; lead <= LEADS[1]; lead++) {
    for (let trail: number = TRAILS[0]; trail <= TRAILS[1]; trail++) numbers.push(lead * 256 + trail)
  }
  const bytes = Buffer.alloc(numbers.length * 3, LINE_FEED)
  numbers.forEach((number, at) => {
    bytes.writeUInt16BE(number, at * 3)
  })
  const characters = new TextDecoder('gbk').decode(bytes).split('\n')
  table = new Map(characters.map((character, at) => [character, numbers[at] ?? 0]))
  return table
}
