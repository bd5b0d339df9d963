import type { KeyObject } from 'node:crypto'
import type { AlipayApp } from '../../config/alipayApp.js'
import { rsaPublicKey, rsaVerify } from '../../crypto/index.js'
import type { AlipayOutside } from '../exchange.js'
import { hashOf, parsed } from './credentials.js'
import { type CertifiedApp, keyOf, meetCurrent, meetKept, ringOf, type Sender } from './keyRing.js'

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
 * Whether Alipay signed one of `texts`. A certificate number in the message picks the key. Without one, as in notices,
 * every trusted key may be the one: those in the settings, those that any instance has learnt, that of today.
 */
export async function verdictOn(
  app: AlipayApp,
  { sign, certSn, sender, texts }: Signed,
  dependencies: AlipayOutside,
): Promise<SignatureVerdict> {
  const keys = await keysFor(app, certSn, sender, dependencies)
  if (keys.length === 0) return 'signature key unknown'
  const hash = hashOf(app)
  const isOneOf = (trusted: readonly KeyObject[]) => (text: string | Buffer) =>
    trusted.some((key) => rsaVerify(hash, key, text, sign))
  const tried: (string | Buffer)[] = []
  for (const text of texts) {
    if (isOneOf(keys)(text)) return 'right'
    tried.push(text)
  }
  if (certSn !== undefined || !isCertified(app)) return 'signature wrong'
  for (const meet of [meetKept, meetCurrent]) {
    await meet(app, dependencies)
    const others = knownKeys(app).filter((key) => !keys.includes(key))
    if (tried.some(isOneOf(others))) return 'right'
  }
  return 'signature wrong'
}

const isCertified = (app: AlipayApp): app is CertifiedApp => app.certificates !== undefined

/** Every key of Alipay's that an application trusts, as far as it is known here by now. */
export function knownKeys(app: AlipayApp): readonly KeyObject[] {
  const { publicKey } = app
  const plain = publicKey === undefined ? [] : [parsed(app, 'Alipay public key', publicKey, rsaPublicKey)]
  return isCertified(app) ? [...ringOf(app).values(), ...plain] : plain
}

async function keysFor(
  app: AlipayApp,
  certSn: string | undefined,
  sender: Sender,
  dependencies: AlipayOutside,
): Promise<readonly KeyObject[]> {
  if (!isCertified(app) || certSn === undefined) return knownKeys(app)
  const key = await keyOf(app, certSn, sender, dependencies)
  return key ? [key] : []
}
