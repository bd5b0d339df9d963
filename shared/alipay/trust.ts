import type { KeyObject } from 'node:crypto'
import type { AlipayApp, AlipayCertificates } from '../config/alipayApp.js'
import { rsaPublicKey, rsaVerify } from '../crypto/index.js'
import { downloadedKey, type Sender } from './certDownload.js'
import { fileCertSn } from './certSn.js'
import { hashOf, parsed } from './credentials.js'
import type { AlipayOutside } from './exchange.js'

/** The outcome of holding a signature against the keys of Alipay that an application trusts. */
export type SignatureVerdict = 'right' | 'signature wrong' | 'signature key unknown'

export interface Signed {
  /** Base64. */
  sign: string
  /** The certificate the message says it was signed with. */
  certSn?: string
  /** `Alipay`: an answer to our own request over TLS. `anybody`: a call from outside. */
  sender: Sender
  /** What may have been signed, where Alipay's own kinds of messages differ; the likeliest first. */
  texts: Iterable<string | Buffer>
}

/** Whether anything this application receives can be verified at all. */
export const canVerify = ({ publicKey, certificates }: AlipayApp): boolean =>
  publicKey !== undefined || certificates !== undefined

/**
 * Whether Alipay signed one of `texts`. A certificate number in the message picks the key and an unknown one is
 * fetched from Alipay and checked against the root file; without a number every trusted key may be the one.
 */
export async function verdictOn(
  app: AlipayApp,
  { sign, certSn, sender, texts }: Signed,
  outside: AlipayOutside,
): Promise<SignatureVerdict> {
  const keys = await keysFor(app, certSn, sender, outside)
  if (keys.length === 0) return 'signature key unknown'
  const hash = hashOf(app)
  for (const text of texts) {
    if (keys.some((key) => rsaVerify(hash, key, text, sign))) return 'right'
  }
  return 'signature wrong'
}

/** Alipay's keys by certificate number: the one in the settings, and those learnt since this process began. */
const rings = new Map<string, Map<string, KeyObject>>()

function ringOf(app: AlipayApp, { alipay, root }: AlipayCertificates): Map<string, KeyObject> {
  const name = `${app.appId}${alipay}${root}`
  const known = rings.get(name)
  if (known) return known
  const [serial, key] = parsed(app, 'Alipay certificate', alipay, (file) => [
    fileCertSn(file),
    rsaPublicKey(file),
  ])
  const ring = new Map([[serial, key]])
  rings.set(name, ring)
  return ring
}

/** Every key of Alipay's that an application trusts, as far as it is known here by now. */
export function knownKeys(app: AlipayApp): readonly KeyObject[] {
  const { publicKey, certificates } = app
  const plain = publicKey === undefined ? [] : [parsed(app, 'Alipay public key', publicKey, rsaPublicKey)]
  return certificates ? [...ringOf(app, certificates).values(), ...plain] : plain
}

/** An md5; nothing else is worth asking Alipay for. */
const CERT_SN = /^[0-9a-f]{32}$/

async function keysFor(
  app: AlipayApp,
  certSn: string | undefined,
  sender: Sender,
  outside: AlipayOutside,
): Promise<readonly KeyObject[]> {
  const { certificates } = app
  if (!certificates || certSn === undefined) return knownKeys(app)
  const ring = ringOf(app, certificates)
  if (!CERT_SN.test(certSn)) return []
  const key = ring.get(certSn) ?? (await downloadedKey(app, certificates, { certSn, sender }, outside))
  if (!key) return []
  ring.set(certSn, key)
  return [key]
}
