import { X509Certificate } from 'node:crypto'
import { copiedText } from './rsa.js'

/** What a certificate says of itself, read from its bytes: Node rewrites names that have commas, quotes or plus signs. */
export interface CertificateNames {
  /** In the order of the file, as `['CN', 'Ant Financial ...']`; attributes without a short name go by their number. */
  issuer: readonly (readonly [string, string])[]
  subject: readonly (readonly [string, string])[]
  /** Decimal, exact: serial numbers have up to 160 bits. */
  serial: string
  /** With which algorithm the issuer signed, in dots. */
  signatureOid: string
}

/** The certificates of a file as DER, in its order: PEM with anything between the blocks, or the base64 of one. */
export function certificatesIn(file: string): Buffer[] {
  const copied = copiedText(file)
  const blocks = [...copied.matchAll(/-----BEGIN CERTIFICATE-----([^-]*)-----END/g)]
  const texts = blocks.length > 0 ? blocks.map(([, base64]) => base64 ?? '') : [copied]
  return texts.map((base64) => Buffer.from(base64, 'base64')).filter((der) => der.length > 0)
}

/** Throws on bytes that are no certificate. https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
export function certificateNames(der: Buffer): CertificateNames {
  const [whole] = derElements(der)
  const [signed] = whole ? derElements(whole.content) : []
  const fields = (signed ? derElements(signed.content) : []).filter(({ tag }) => tag !== TAG.version)
  const [serial, algorithm, issuer, , subject] = fields
  const [oid] = algorithm ? derElements(algorithm.content) : []
  if (!serial || serial.tag !== TAG.integer || !oid || !issuer || !subject) throw notDer()
  return {
    issuer: nameOf(issuer),
    subject: nameOf(subject),
    serial: BigInt(`0x${serial.content.toString('hex')}`).toString(10),
    signatureOid: derOid(oid),
  }
}

/** https://www.rfc-editor.org/rfc/rfc4519 */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'STREET',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.25': 'DC',
}

function nameOf({ content }: DerElement): [string, string][] {
  return derElements(content)
    .flatMap((set) => derElements(set.content))
    .map((attribute) => {
      const [type, value] = derElements(attribute.content)
      if (!type || !value) throw notDer()
      const oid = derOid(type)
      return [SHORT_NAMES[oid] ?? oid, derText(value)]
    })
}

/** A certificate whose algorithms this machine may not know (SM2): undefined then. */
export function parsedCertificate(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der)
  } catch {
    return undefined
  }
}

/** Longer paths do not occur; a limit keeps two certificates that sign each other from going round. */
const MAX_STEPS = 5

/**
 * Whether a path leads from `leaf` over certificates of `between` to one of `roots`, each signature checked, every
 * certificate on it valid at `at` (milliseconds) and every issuer allowed to issue.
 */
export function leadsToRoot(
  leaf: X509Certificate,
  between: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  at: number,
): boolean {
  let current: X509Certificate | undefined = leaf
  for (let step = 0; current && step < MAX_STEPS; step++) {
    const issued: X509Certificate = current
    if (!isValidAt(issued, at)) return false
    if (roots.some((root) => isValidAt(root, at) && isIssuedBy(issued, root))) return true
    current = between.find((candidate) => candidate !== issued && isIssuedBy(issued, candidate))
  }
  return false
}

const isValidAt = ({ validFrom, validTo }: X509Certificate, at: number): boolean =>
  Date.parse(validFrom) <= at && at <= Date.parse(validTo)

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  } catch {
    return false
  }
}

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

const TAG = { integer: 0x02, oid: 0x06, utf8: 0x0c, bmp: 0x1e, version: 0xa0 } as const

const notDer = () => new Error('not DER')
