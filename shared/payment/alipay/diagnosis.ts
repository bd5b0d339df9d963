import { canonical } from '../../alipay/canonical.js'
import { hashSignedByAlipay, otherwiseRight, wrongKeys } from '../../alipay/diagnosis.js'
import { formFields } from '../../alipay/form.js'
import type { AlipayApp } from '../../config/alipayApp.js'
import type { Diagnosis, Refusal } from '../../diagnosis/causes.js'
import { changedFields, explainUnread, type FieldSignature, type Fields } from '../../diagnosis/fields.js'
import { isUnread } from '../../diagnosis/sender.js'
import { isHashOf, type SignedHash } from '../../diagnosis/signatures.js'
import type { HttpCall } from '../../operation/index.js'

/** Why Alipay's verification refused a call. Nothing when it does not look like anything known. */
export function explainNotice(
  app: AlipayApp,
  call: Pick<HttpCall, 'headers' | 'rawBody'>,
  reason: Refusal,
): Diagnosis | undefined {
  const signature = signatureOf(app)
  if (isUnread(reason)) return explainUnread(signature, call, reason)
  if (!/^signature (wrong|key unknown|type not ours)$/.test(reason)) return undefined
  const fields = signature.read(call.rawBody)
  return fields && wronglySigned(app, signature, fields, call.rawBody)
}

/** How Alipay signs its notices: in `formFields` every character stands for one byte. */
const signatureOf = (app: AlipayApp): FieldSignature => ({
  sender: 'alipay',
  encoding: 'latin1',
  read: formFields,
  isSigned(fields) {
    const hash = hashSignedByAlipay(app, signOf(fields))
    return hash !== undefined && isMadeOver(hash, fields)
  },
  readDecoded,
})

/** A plus sign that was taken for a space is put back: base64 has no spaces. */
const signOf = (fields: Fields): string => (fields.get('sign') ?? '').replaceAll(' ', '+')

const isMadeOver = (hash: SignedHash, fields: Fields): boolean =>
  [['sign_type'], []].some((leftOut) => isHashOf(hash, Buffer.from(canonical(fields, leftOut), 'latin1')))

function readDecoded(body: Buffer): Fields {
  const pairs = body.toString('latin1').split(/&(?=[a-z_]+=)/)
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, Math.max(0, equals)), pair.slice(equals + 1)]
    }),
  )
}

function wronglySigned(
  app: AlipayApp,
  signature: FieldSignature,
  fields: Fields,
  body: Buffer,
): Diagnosis | undefined {
  const sign = signOf(fields)
  const certSn = fields.get('alipay_cert_sn')
  const hash = hashSignedByAlipay(app, sign)
  const wrong = wrongKeys(app, sign, certSn)
  if (wrong || !hash) return wrong
  const isPlusLost = fields.get('sign')?.includes(' ')
  if (isPlusLost) return { cause: 'double decoding' }
  if (isMadeOver(hash, fields)) return otherwiseRight(app, hash, certSn)
  // The key is a right one, so what one signature holds is recovered once for all guesses.
  const isSigned = (original: Fields) => isMadeOver(hash, original)
  return changedFields({ ...signature, isSigned }, fields, body) ?? { cause: 'changed on the way' }
}
