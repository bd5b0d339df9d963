import type { KeyObject } from 'node:crypto'
import type { AlipayApp } from '../../config/alipayApp.js'
import { rsaPublicKey, rsaVerify } from '../../crypto/index.js'
import type { AlipayClient } from '../request.js'
import { hashOf, parsed } from '../signature.js'
import {
  addCurrent,
  addStored,
  type CertifiedClient,
  certificateKeys,
  keyOf,
  type MessageOrigin,
} from './keyRing.js'

/** Why a signature is not taken for Alipay's. */
export type SignatureProblem = 'signature wrong' | 'signature key unknown'

export interface Signed {
  /** Base64. */
  sign: string
  /** The certificate the message says it was signed with. */
  certSn?: string
  from: MessageOrigin
  /** What may have been signed, where Alipay's own kinds of messages differ; the likeliest first. */
  texts: Iterable<string | Buffer>
}

/** Whether anything this application receives can be verified at all. */
export const canVerify = ({ publicKey, certificates }: AlipayApp): boolean =>
  publicKey !== undefined || certificates !== undefined

/**
 * Verifies that Alipay signed one of `texts`; undefined when it did. A certificate number in the message picks the
 * key. Without one, as in notices, every trusted key may be the one: those in the settings, those that any instance
 * has stored, the one Alipay signs with today.
 */
export async function verifySignature(
  client: AlipayClient,
  { sign, certSn, from, texts }: Signed,
): Promise<SignatureProblem | undefined> {
  const { app } = client
  const keys = await keysFor(client, certSn, from)
  if (keys.length === 0) return 'signature key unknown'
  const hash = hashOf(app)
  const isOneOf = (trusted: readonly KeyObject[]) => (text: string | Buffer) =>
    trusted.some((key) => rsaVerify(hash, key, text, sign))
  const tried: (string | Buffer)[] = []
  for (const text of texts) {
    if (isOneOf(keys)(text)) return undefined
    tried.push(text)
  }
  if (certSn !== undefined || !isCertified(client)) return 'signature wrong'
  for (const addKeys of [addStored, addCurrent]) {
    await addKeys(client)
    const others = knownKeys(app).filter((key) => !keys.includes(key))
    if (tried.some(isOneOf(others))) return undefined
  }
  return 'signature wrong'
}

const isCertified = (client: AlipayClient): client is CertifiedClient => client.app.certificates !== undefined

/** Every key of Alipay's that an application trusts, as far as it is known here by now. */
export function knownKeys(app: AlipayApp): readonly KeyObject[] {
  const { publicKey, certificates } = app
  const plain = publicKey === undefined ? [] : [parsed(app, 'Alipay public key', publicKey, rsaPublicKey)]
  return certificates ? [...certificateKeys({ ...app, certificates }).values(), ...plain] : plain
}

async function keysFor(
  client: AlipayClient,
  certSn: string | undefined,
  from: MessageOrigin,
): Promise<readonly KeyObject[]> {
  if (!isCertified(client) || certSn === undefined) return knownKeys(client.app)
  const key = await keyOf(client, certSn, from)
  return key ? [key] : []
}
