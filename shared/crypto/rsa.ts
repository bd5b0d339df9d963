import { createPrivateKey, createPublicKey, type KeyObject, sign, verify, X509Certificate } from 'node:crypto'
import { createRequire } from 'node:module'
import type NodeRSA from 'node-rsa'

/** Parsing a key costs several signatures' time, so each text is parsed once per process. */
const parsed = new Map<string, KeyObject>()

/**
 * An RSA private key from whatever a console hands out and {@link copiedText} undoes: PEM, or the bare base64 of one,
 * PKCS#8 or PKCS#1 whatever the armour says; an OpenSSH key without a passphrase; or the key's components as JSON.
 * Throws without repeating the text.
 */
export const rsaPrivateKey = (text: string): KeyObject =>
  cached(`private ${text}`, () => {
    const der = derOf(text)
    return read('an RSA private key', [
      ...privateFormats.map((parse) => () => parse(der)),
      () => convertedPrivateKey(text, der),
    ])
  })

/**
 * An RSA public key: SPKI, PKCS#1 or an X.509 certificate, each as PEM or bare base64; or its components as JSON. As
 * {@link rsaPrivateKey}.
 */
export const rsaPublicKey = (text: string): KeyObject =>
  cached(`public ${text}`, () => {
    const der = derOf(text)
    return read('an RSA public key', [
      ...publicFormats.map((parse) => () => parse(der)),
      () => convertedPublicKey(text),
    ])
  })

function cached(name: string, parse: () => KeyObject): KeyObject {
  const known = parsed.get(name)
  if (known) return known
  const key = parse()
  parsed.set(name, key)
  return key
}

/** The bytes of the first block; text in front of it, as in certificate files, is passed over. */
function derOf(text: string): Buffer {
  const copied = copiedText(text)
  const block = /-----BEGIN [A-Z0-9 ]+-----([^-]*)-----END/.exec(copied)
  return Buffer.from(block?.[1] ?? copied, 'base64')
}

type Parse = (der: Buffer) => KeyObject

const privateFormats: readonly Parse[] = [
  (der) => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
  (der) => createPrivateKey({ key: der, format: 'der', type: 'pkcs1' }),
]

/** Node would also take a private key here and derive the public one; that is a mix-up the caller has to hear of. */
function pkcs1PublicKey(der: Buffer): KeyObject {
  const key = createPublicKey({ key: der, format: 'der', type: 'pkcs1' })
  if (!key.export({ type: 'pkcs1', format: 'der' }).equals(der)) throw new Error('another format')
  return key
}

const publicFormats: readonly Parse[] = [
  (der) => createPublicKey({ key: der, format: 'der', type: 'spki' }),
  pkcs1PublicKey,
  (der) => new X509Certificate(der).publicKey,
]

function read(wanted: string, ways: readonly (() => KeyObject | undefined)[]): KeyObject {
  for (const way of ways) {
    try {
      const key = way()
      if (key?.asymmetricKeyType === 'rsa') return key
    } catch {
      // The next way is tried; one error at the end speaks for all.
    }
  }
  throw new Error(`not ${wanted}: expected PEM or its base64`)
}

/** RSASSA-PKCS1-v1_5; SHA-1 only where an old Alipay contract is configured for it. */
export type RsaHash = 'sha256' | 'sha1'

/** Base64 without line breaks. `key` as `rsaPrivateKey` parsed it. */
export const rsaSign = (hash: RsaHash, key: KeyObject, data: string | Buffer): string =>
  sign(hash, bytesOf(data), key).toString('base64')

/** Whether the base64 `signature` is this key's over exactly these bytes. False, never an error, for nonsense. */
export function rsaVerify(hash: RsaHash, key: KeyObject, data: string | Buffer, signature: string): boolean {
  return verify(hash, bytesOf(data), key, Buffer.from(signature, 'base64'))
}

const bytesOf = (data: string | Buffer): Buffer => (typeof data === 'string' ? Buffer.from(data) : data)

/**
 * Key texts that `node:crypto` does not read: OpenSSH private keys, and keys given as their components. node-rsa turns
 * them into PKCS#8 or SPKI, no more: `node:crypto` signs and verifies with what comes out.
 */

/**
 * Loads at the first such key, and at once, since keys are read where nothing can wait. The build of a function makes
 * `vendor/node-rsa.js` of it, and takes away `import.meta`, which only ES modules have.
 */
const nodeRsa = (): typeof NodeRSA =>
  import.meta.url === undefined ? require('node-rsa') : createRequire(import.meta.url)('node-rsa')

/** How the bytes of an OpenSSH key begin, whatever stands around them. */
const OPENSSH = 'openssh-key-v1\0'

/**
 * A private key of one of these kinds: `der` is what is inside the armour of `text`. Undefined for other texts; throws
 * for one that is of a kind and cannot be read, such as a key with a passphrase.
 */
function convertedPrivateKey(text: string, der: Buffer): KeyObject | undefined {
  const isOpenSsh = der.toString('latin1', 0, OPENSSH.length) === OPENSSH
  const parts = isOpenSsh ? undefined : componentsIn(text)
  if (!isOpenSsh && !parts) return undefined
  const reader = new (nodeRsa())()
  if (parts) reader.importKey(parts as NodeRSA.KeyComponentsPrivate, 'components-private')
  else reader.importKey(armoured(der), 'openssh-private')
  const key = createPrivateKey({
    key: reader.exportKey('pkcs8-private-der'),
    format: 'der',
    type: 'pkcs8',
  })
  if (!fitsTogether(key)) throw new Error('the parts of the key do not belong together')
  return key
}

const armoured = (der: Buffer): string =>
  `-----BEGIN OPENSSH PRIVATE KEY-----\n${der.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----`

/** A public key as its components `n` and `e`; undefined for other texts, and for a private key: that is a mix-up. */
function convertedPublicKey(text: string): KeyObject | undefined {
  const parts = componentsIn(text)
  if (!parts || 'd' in parts) return undefined
  const reader = new (nodeRsa())()
  reader.importKey(parts as NodeRSA.KeyComponentsPublic, 'components-public')
  return createPublicKey({ key: reader.exportKey('pkcs8-public-der'), format: 'der', type: 'spki' })
}

/** Nothing in the components says that they are of one key, and a wrong one makes signatures that nobody accepts. */
function fitsTogether(key: KeyObject): boolean {
  const text = Buffer.from('unicloud-openapi')
  return verify('sha256', text, createPublicKey(key), sign('sha256', text, key))
}

/** The components by the names that node-rsa gives them, and by those of a JSON Web Key. */
const NAMES: readonly (readonly [name: string, jwk: string])[] = [
  ['n', 'n'],
  ['d', 'd'],
  ['p', 'p'],
  ['q', 'q'],
  ['dmp1', 'dp'],
  ['dmq1', 'dq'],
  ['coeff', 'qi'],
]

/**
 * The components in a JSON object: as node-rsa exports them (`{ "type": "Buffer", "data": [...] }`), or as texts that
 * are all hex or all base64. `e` may be a number.
 */
function componentsIn(text: string): Partial<NodeRSA.KeyComponentsPrivate> | undefined {
  const given = objectIn(text)
  if (!given?.n || !given.e) return undefined
  const encoding = typeof given.n === 'string' && /^[0-9a-f]+$/i.test(given.n) ? 'hex' : 'base64'
  const parts = NAMES.flatMap(([name, jwk]) => {
    const value = given[name] ?? given[jwk]
    return value === undefined ? [] : [[name, componentBytes(value, encoding)] as const]
  })
  const e = typeof given.e === 'number' ? given.e : exponent(componentBytes(given.e, encoding))
  return { ...Object.fromEntries(parts), e }
}

function objectIn(text: string): Record<string, unknown> | undefined {
  const copied = copiedText(text)
  if (!copied.startsWith('{')) return undefined
  try {
    return JSON.parse(copied) as Record<string, unknown>
  } catch {
    return undefined
  }
}

function componentBytes(value: unknown, encoding: 'hex' | 'base64'): Buffer {
  if (typeof value === 'string') {
    const isOdd = encoding === 'hex' && value.length % 2 === 1
    return Buffer.from(isOdd ? `0${value}` : value, encoding)
  }
  const { data } = value as { data?: unknown }
  return Buffer.from(Array.isArray(data) ? (data as number[]) : [])
}

const exponent = (bytes: Buffer): number => bytes.readUIntBE(0, Math.min(bytes.length, 6))

/** Consoles and chats leave these in what is copied from them. */
const INVISIBLE = /[\u00a0\u200b-\u200f\u2060\ufeff]/g

const OPENING = /["'`\u2018\u201c]/
const CLOSING = /["'`\u2019\u201d]/

/**
 * What somebody copied, without the quotes around it, of whatever kind and escaped or not, with what a shell writes in
 * front of them and JSON behind; and without spaces that nobody sees. Whatever is sent as a key takes one pass over it.
 */
export function withoutQuotes(text: string): string {
  const bare = text.replace(INVISIBLE, '').trim()
  const at = (index: number): string => bare.charAt(index)
  const isSpace = (index: number): boolean => at(index).trim() === ''
  let [start, end] = [0, bare.length]
  while (start < end) {
    let open = at(start) === '$' ? start + 1 : start
    while (at(open) === '\\') open++
    let close = /[,;]/.test(at(end - 1)) ? end - 2 : end - 1
    while (close > open && isSpace(close)) close--
    if (close <= open || !OPENING.test(at(open)) || !CLOSING.test(at(close))) break
    start = open + 1
    while (close > start && at(close - 1) === '\\') close--
    end = close
    while (start < end && isSpace(start)) start++
    while (start < end && isSpace(end - 1)) end--
  }
  return bare.slice(start, end)
}

/**
 * The text of a key or certificate as its owner means it, whatever consoles, `.env` files, JSON files and shells have
 * made of it: quotes around it, `\n`, `\r\n` or `\\n` for line ends, other escapes of JSON. Neither PEM nor base64 has
 * backslashes of its own. Of a JSON object only its quotes are undone: what is inside has escapes of JSON anyway.
 */
export function copiedText(text: string): string {
  const inner = withoutQuotes(text)
  if (inner.startsWith('{')) return /^\{\s*\\/.test(inner) ? inner.replaceAll('\\"', '"') : inner
  return inner.replace(/\\+(?:u([0-9a-f]{4})|([rnt]))?/gi, (_escape, code?: string, space?: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
    return space === undefined ? '' : '\n'
  })
}

/** What a file holds as text: Windows writes UTF-16 with a mark in front where it is not told otherwise. */
export function textOfFile(bytes: Buffer): string {
  const mark = bytes.length % 2 === 0 && bytes.length > 1 ? bytes.readUInt16BE(0) : 0
  const [encoding, text] =
    mark === 0xfeff
      ? (['utf16le', Buffer.from(bytes).swap16()] as const)
      : ([mark === 0xfffe ? 'utf16le' : 'utf8', bytes] as const)
  return text.toString(encoding).replace(/^\ufeff/, '')
}
