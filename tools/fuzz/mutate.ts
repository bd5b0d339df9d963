import type { Dice } from '../soak/dice.js'

/** Larger inputs than any limit of a reader, and small enough to be made a million times. Bytes. */
const MOST_BYTES = 160 * 1024

/** Pieces that readers stumble over, whatever they read. */
const TOKENS: readonly string[] = [
  ...[
    '<',
    '>',
    '/>',
    '</xml>',
    '<xml>',
    '<![CDATA[',
    ']]>',
    '<!DOCTYPE x [<!ENTITY a "b">]>',
    '&#x0;',
    '&lol;',
    '&amp;',
  ],
  ...[
    '"',
    '\\',
    '\\u0000',
    '\\ud800',
    '{',
    '}',
    '[[[[[[[[',
    'null',
    '1e999',
    '-0',
    '9007199254740993',
    '__proto__',
  ],
  ...[
    '=',
    '&',
    '%',
    '%00',
    '%zz',
    '+',
    '&sign=',
    '&sign_type=RSA',
    'charset=gb18030',
    ';',
    ',',
    '`',
    '\t',
    '\r\n',
  ],
  ...[
    '#',
    '总交易单数',
    '-----',
    '\u0000',
    '\ufeff',
    '\u2028',
    '\ud83d',
    'ÿ',
    '0'.repeat(64),
    '-1',
    '1.',
    '.5',
    '1,000.00',
  ],
]

/** Changes a valid sample in one to five places. `others`: what it may be mixed with. */
export function mutated(sample: Buffer, others: readonly Buffer[], dice: Dice): Buffer {
  let bytes: Buffer = Buffer.from(sample)
  const times = 1 + dice.upTo(5)
  for (let n = 0; n < times; n++) {
    bytes = dice.oneOf(changes)(bytes, dice, others)
    if (bytes.length > MOST_BYTES) bytes = bytes.subarray(0, MOST_BYTES)
  }
  return bytes
}

type Change = (bytes: Buffer, dice: Dice, others: readonly Buffer[]) => Buffer

const spliced = (bytes: Buffer, at: number, removed: number, added: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)])

const changes: readonly Change[] = [
  // One bit.
  (bytes, dice) => {
    const at = dice.upTo(bytes.length)
    const byte = bytes[at]
    if (byte !== undefined) bytes[at] = byte ^ (1 << dice.upTo(8))
    return bytes
  },
  // One byte.
  (bytes, dice) => {
    if (bytes.length > 0) bytes[dice.upTo(bytes.length)] = dice.upTo(256)
    return bytes
  },
  // Cut short.
  (bytes, dice) => bytes.subarray(0, dice.upTo(bytes.length + 1)),
  // A piece out.
  (bytes, dice) => spliced(bytes, dice.upTo(bytes.length), 1 + dice.upTo(40), Buffer.alloc(0)),
  // A piece twice, or many times.
  (bytes, dice) => {
    const at = dice.upTo(bytes.length)
    const piece = bytes.subarray(at, at + 1 + dice.upTo(60))
    const times = dice.happens(0.1) ? 1000 : 1
    return spliced(bytes, at, 0, Buffer.concat(Array.from({ length: times }, () => piece)))
  },
  // A piece that readers stumble over.
  (bytes, dice) => {
    const token = Buffer.from(dice.oneOf(TOKENS))
    return spliced(bytes, dice.upTo(bytes.length + 1), dice.happens(0.5) ? token.length : 0, token)
  },
  // Noise.
  (bytes, dice) => spliced(bytes, dice.upTo(bytes.length + 1), 0, dice.bytes(1 + dice.upTo(24))),
  // Half of this and half of another one.
  (bytes, dice, others) => {
    const other = dice.oneOf(others)
    return Buffer.concat([
      bytes.subarray(0, dice.upTo(bytes.length)),
      other.subarray(dice.upTo(other.length)),
    ])
  },
  // A digit becomes another one.
  (bytes, dice) => {
    const start = dice.upTo(bytes.length)
    const at = bytes.findIndex((byte, n) => n >= start && byte >= 0x30 && byte <= 0x39)
    if (at >= 0) bytes[at] = 0x30 + dice.upTo(10)
    return bytes
  },
]
