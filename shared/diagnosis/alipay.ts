import { canonical } from '../alipay/canonical.js'
import { formFields } from '../alipay/form.js'
import type { AlipayApp } from '../config/alipayApp.js'
import type { HttpCall } from '../operation/index.js'
import type { Refusal } from '../payment/provider.js'
import { asText, type Fields, objectIn, originalFields, undecoded } from './alipayFields.js'
import { rightAfterAll, signedByAlipay, wrongKeys } from './alipayKeys.js'
import type { Finding } from './findings.js'
import { hasLostBytes, originalBodies } from './originals.js'
import { isOver, type Signed } from './recover.js'
import { isUnread, misdirected } from './strangers.js'

/** Why Alipay's verification refused a call. Nothing when it does not look like anything known. */
export function explainAlipay(
  app: AlipayApp,
  call: Pick<HttpCall, 'headers' | 'rawBody'>,
  reason: Refusal,
): Finding | undefined {
  const { rawBody: body } = call
  if (isUnread(reason)) return misdirected(call, reason, 'alipay') ?? wrapped(app, body)
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
  const signed = signedByAlipay(app, signOf(fields))
  return signed !== undefined && isThis(signed, fields)
}

/** A plus sign that was taken for a space is put back: base64 has no spaces. */
const signOf = (fields: Fields): string => (fields.get('sign') ?? '').replaceAll(' ', '+')

const isThis = (signed: Signed, fields: Fields): boolean =>
  [['sign_type'], []].some((leftOut) => isOver(signed, Buffer.from(canonical(fields, leftOut), 'latin1')))

function wronglySigned(app: AlipayApp, fields: Fields, body: Buffer): Finding | undefined {
  const sign = signOf(fields)
  const certSn = fields.get('alipay_cert_sn')
  const signed = signedByAlipay(app, sign)
  const wrong = wrongKeys(app, sign, certSn)
  if (wrong || !signed) return wrong
  const isPlusLost = fields.get('sign')?.includes(' ')
  if (isThis(signed, fields) && !isPlusLost) return rightAfterAll(app, signed, certSn)
  if (isPlusLost) return { cause: 'double decoding' }
  for (const [cause, original] of originalFields(fields, body)) if (isThis(signed, original)) return { cause }
  return [...fields.values()].some((value) => hasLostBytes(asText(value)))
    ? { cause: 'bytes lost' }
    : { cause: 'changed on the way' }
}
