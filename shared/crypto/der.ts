/** One element of DER: its tag byte and the bytes inside. */
export interface DerElement {
  tag: number
  content: Buffer
}

/** The elements that follow each other in `bytes`. Throws on anything cut short or of indefinite length. */
export function derElements(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = []
  for (let at = 0; at < bytes.length; ) {
    const { start, end } = extent(bytes, at)
    elements.push({ tag: bytes.readUInt8(at), content: bytes.subarray(start, end) })
    at = end
  }
  return elements
}

const LONG_FORM = 0x80

function extent(bytes: Buffer, at: number): { start: number; end: number } {
  const first = bytes[at + 1]
  if (first === undefined || first === LONG_FORM) throw notDer()
  const lengthBytes = first < LONG_FORM ? 0 : first - LONG_FORM
  const start = at + 2 + lengthBytes
  if (lengthBytes > 4 || start > bytes.length) throw notDer()
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes)
  if (start + length > bytes.length) throw notDer()
  return { start, end: start + length }
}

/** An object identifier in dots: `1.2.840.113549.1.1.11`. */
export function derOid({ tag, content }: DerElement): string {
  const last = content[content.length - 1]
  if (tag !== TAG.oid || last === undefined || last >= LONG_FORM) throw notDer()
  const numbers: number[] = []
  let number = 0
  for (const byte of content) {
    number = number * 128 + (byte % 128)
    if (byte < LONG_FORM) {
      numbers.push(number)
      number = 0
    }
  }
  const [joined = 0, ...rest] = numbers
  const top = Math.min(Math.floor(joined / 40), 2)
  return [top, joined - top * 40, ...rest].join('.')
}

/** A text of whichever of the string types certificates use. */
export function derText({ tag, content }: DerElement): string {
  if (tag === TAG.utf8) return content.toString('utf8')
  if (tag === TAG.bmp) return Buffer.from(content).swap16().toString('utf16le')
  return content.toString('latin1')
}

export const TAG = { integer: 0x02, oid: 0x06, utf8: 0x0c, bmp: 0x1e, version: 0xa0 } as const

export const notDer = () => new Error('not DER')
