import { createPublicKey, type KeyObject } from 'node:crypto'
import { canonical } from '../../alipay/canonical.js'
import { hashOf } from '../../alipay/credentials.js'
import { formFields } from '../../alipay/form.js'
import { knownKeys } from '../../alipay/trust.js'
import type { AlipayApp } from '../../config/alipayApp.js'
import { rsaPrivateKey } from '../../crypto/index.js'
import type { HttpCall } from '../../operation/index.js'
import type { Refusal } from '../provider.js'
import { asText, type Fields, objectIn, originalFields, undecoded } from './alipayFields.js'
import type { Finding } from './findings.js'
import { hasLostBytes, originalBodies } from './originals.js'
import { isOver, recovered, type Signed } from './recover.js'
import { strangers } from './strangers.js'

/** Why Alipay's verification refused a call. Nothing when it does not look like anything known. */
export function explainAlipay(
  app: AlipayApp,
  { headers, rawBody: body }: Pick<HttpCall, 'headers' | 'rawBody'>,
  reason: Refusal,
): Finding | undefined {
  if (reason === 'empty')
    return Number(headers['content-length'] ?? 0) > 0 ? { cause: 'body parsed' } : undefined
  if (reason === 'malformed' || reason === 'signature missing') {
    return strangers(headers, body, 'alipay') ?? wrapped(app, body)
  }
  if (!/^signature (wrong|key unknown|type not ours)$/.test(reason)) return undefined
  const fields = formFields(body)
  return fields && wronglySigned(app, fields, body)
}

/** The body that was sent, if something in front has put it into another form. */
function wrapped(app: AlipayApp, body: Buffer): Finding | undefined {
  for (const [cause, original] of originalBodies(body)) {
    const fields = formFields(original)
    if (fields && isSignedBy(app, fields)) return { cause }
  }
  const parsed = objectIn(body)
  if (parsed && isSignedBy(app, parsed)) return { cause: 're-serialised JSON' }
  const raw = undecoded(body)
  return isSignedBy(app, raw) ? { cause: 'double decoding' } : undefined
}

const isSignedBy = (app: AlipayApp, fields: Fields): boolean => {
  const signed = signerOf(knownKeys(app), fields)
  return signed !== undefined && isThis(signed, fields)
}

/** A plus sign that was taken for a space is put back: base64 has no spaces. */
const signOf = (fields: Fields): string => (fields.get('sign') ?? '').replaceAll(' ', '+')

function signerOf(keys: readonly KeyObject[], fields: Fields): Signed | undefined {
  for (const key of keys) {
    const signed = recovered(key, signOf(fields))
    if (signed) return signed
  }
  return undefined
}

const isThis = (signed: Signed, fields: Fields): boolean =>
  [['sign_type'], []].some((leftOut) => isOver(signed, Buffer.from(canonical(fields, leftOut), 'latin1')))

function wronglySigned(app: AlipayApp, fields: Fields, body: Buffer): Finding {
  const own = app.privateKey === undefined ? undefined : createPublicKey(rsaPrivateKey(app.privateKey))
  const trusted = knownKeys(app)
  if (own && trusted.some((key) => key.equals(own))) return { cause: 'application key for the Alipay key' }
  const signed = signerOf(trusted, fields)
  if (!signed) {
    const isOwn = own !== undefined && recovered(own, signOf(fields)) !== undefined
    return isOwn ? { cause: 'own signature' } : { cause: 'other key' }
  }
  if (isThis(signed, fields)) return rightAfterAll(app, signed, fields)
  for (const [cause, original] of originalFields(fields, body)) if (isThis(signed, original)) return { cause }
  if (isPlusLost(fields)) return { cause: 'double decoding' }
  return [...fields.values()].some((value) => hasLostBytes(asText(value)))
    ? { cause: 'bytes lost' }
    : { cause: 'changed on the way' }
}

const isPlusLost = (fields: Fields): boolean => fields.get('sign')?.includes(' ') ?? false

/** The key and the text are right, so it is the signature's way here, its algorithm, or the number of its key. */
function rightAfterAll(app: AlipayApp, { hash }: Signed, fields: Fields): Finding {
  if (isPlusLost(fields)) return { cause: 'double decoding' }
  const certSn = fields.get('alipay_cert_sn')
  if (hash === hashOf(app) && certSn) return { cause: 'wrong serial', detail: `alipay_cert_sn ${certSn}` }
  return { cause: 'other algorithm', detail: `signed by ${hash === 'sha1' ? 'RSA' : 'RSA2'}` }
}
