import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { createRequire } from 'node:module'
import type NodeRSA from 'node-rsa'

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
export function convertedPrivateKey(text: string, der: Buffer): KeyObject | undefined {
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
export function convertedPublicKey(text: string): KeyObject | undefined {
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
    return value === undefined ? [] : [[name, bytesOf(value, encoding)] as const]
  })
  const e = typeof given.e === 'number' ? given.e : exponent(bytesOf(given.e, encoding))
  return { ...Object.fromEntries(parts), e }
}

function objectIn(text: string): Record<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}

function bytesOf(value: unknown, encoding: 'hex' | 'base64'): Buffer {
  if (typeof value === 'string') {
    const isOdd = encoding === 'hex' && value.length % 2 === 1
    return Buffer.from(isOdd ? `0${value}` : value, encoding)
  }
  const { data } = value as { data?: unknown }
  return Buffer.from(Array.isArray(data) ? (data as number[]) : [])
}

const exponent = (bytes: Buffer): number => bytes.readUIntBE(0, Math.min(bytes.length, 6))
