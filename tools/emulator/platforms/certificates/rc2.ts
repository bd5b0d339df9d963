import forge from 'node-forge'

const { asn1, pki, pkcs12 } = forge
const { Class, Type } = asn1

type Node = forge.asn1.Asn1

const SALT = 'rc2-salt'
const ROUNDS = 2048

const universal = (type: forge.asn1.Type, value: string | Node[]): Node =>
  asn1.create(Class.UNIVERSAL, type, typeof value !== 'string', value)
const sequence = (...parts: Node[]): Node => universal(Type.SEQUENCE, parts)
const octets = (bytes: string): Node => universal(Type.OCTETSTRING, bytes)
const integer = (value: number): Node => universal(Type.INTEGER, asn1.integerToDer(value).getBytes())
const tagged = (value: string | Node[]): Node =>
  asn1.create(Class.CONTEXT_SPECIFIC, 0, typeof value !== 'string', value)

function oid(name: string): Node {
  const dotted: unknown = pki.oids[name]
  if (typeof dotted !== 'string') throw new Error(`no object identifier ${name}`)
  return universal(Type.OID, asn1.oidToDer(dotted).getBytes())
}

function partsOf(node: Node | undefined): Node[] {
  if (typeof node?.value === 'object') return node.value
  throw new Error('not a constructed element')
}

function bytesOf(node: Node | undefined): string {
  if (typeof node?.value === 'string') return node.value
  throw new Error('not a primitive element')
}

/** What a ContentInfo of type `data` holds. */
const contentOf = (info: Node | undefined): string => bytesOf(partsOf(partsOf(info)[1])[0])

/**
 * A PKCS#12 file whose certificate stands open, with that part under RC2 of 40 bits instead, as WeChat's
 * apiclient_cert.p12 has it. No library writes this any more.
 */
export function withRc2(file: Node, passphrase: string): Node {
  const [version, info] = partsOf(file)
  const [certificate, key] = partsOf(asn1.fromDer(contentOf(info)))
  if (!version || !key) throw new Error('not a PKCS#12 file of one certificate and one key')
  const safe = asn1.toDer(sequence(encrypted(contentOf(certificate), passphrase), key)).getBytes()
  return sequence(version, sequence(oid('data'), tagged([octets(safe)])), mac(safe, passphrase))
}

const derived = (passphrase: string, purpose: 1 | 2 | 3, length: number): forge.util.ByteBuffer =>
  pkcs12.generateKey(passphrase, forge.util.createBuffer(SALT), purpose, ROUNDS, length)

function encrypted(plain: string, passphrase: string): Node {
  const cipher = forge.rc2.createEncryptionCipher(derived(passphrase, 1, 5), 40)
  cipher.start(derived(passphrase, 2, 8))
  cipher.update(forge.util.createBuffer(plain))
  cipher.finish()
  const algorithm = sequence(oid('pbewithSHAAnd40BitRC2-CBC'), sequence(octets(SALT), integer(ROUNDS)))
  const content = sequence(oid('data'), algorithm, tagged(cipher.output.getBytes()))
  return sequence(oid('encryptedData'), tagged([sequence(integer(0), content)]))
}

function mac(safe: string, passphrase: string): Node {
  const hmac = forge.hmac.create()
  hmac.start(forge.md.sha1.create(), derived(passphrase, 3, 20))
  hmac.update(safe)
  const digest = sequence(sequence(oid('sha1'), universal(Type.NULL, '')), octets(hmac.getMac().getBytes()))
  return sequence(digest, octets(SALT), integer(ROUNDS))
}
