import type { AlipayApp } from '../config/alipayApp.js'
import { canonical } from './canonical.js'
import type { AlipayOutside } from './exchange.js'
import { charsetOf, decodedFields, formFields } from './form.js'
import { verdictOn } from './keys/trust.js'

/** Why a call is not Alipay's. For logs and evidence, never for the sender. */
type MessageRefusal =
  | 'empty'
  | 'too large'
  | 'malformed'
  | 'signature missing'
  | 'signature type not ours'
  | 'signature wrong'
  | 'signature key unknown'
  | 'other app'

export type MessageReading =
  | { authentic: true; fields: ReadonlyMap<string, string> }
  | { authentic: false; reason: MessageRefusal }

/** Alipay's notices have two or three thousand bytes. */
const MAX_MESSAGE = 64 * 1024

const refused = (reason: MessageRefusal): MessageReading => ({ authentic: false, reason })

/**
 * Reads a form that Alipay posts to an application's address, and decides whether it is Alipay's and meant for this
 * application. The signature is held against the bytes as they came, before any charset is applied. Trade notices are
 * signed without `sign_type`, a few other kinds with it: both are tried. The algorithm is the application's, and a
 * message that names another is refused. https://opendocs.alipay.com/common/02mse7
 */
export async function readMessage(
  app: AlipayApp,
  body: Buffer,
  contentType: string | undefined,
  dependencies: AlipayOutside,
): Promise<MessageReading> {
  if (body.length === 0) return refused('empty')
  if (body.length > MAX_MESSAGE) return refused('too large')
  const raw = formFields(body)
  if (!raw) return refused('malformed')
  const sign = raw.get('sign')
  if (!sign) return refused('signature missing')
  if ((raw.get('sign_type') || app.signType) !== app.signType) return refused('signature type not ours')
  const signed = {
    sign,
    certSn: raw.get('alipay_cert_sn'),
    sender: 'anybody',
    texts: signedTexts(raw),
  } as const
  const verdict = await verdictOn(app, signed, dependencies)
  if (verdict !== 'right') return refused(verdict)
  const fields = decodedFields(raw, raw.get('charset') ?? charsetOf(contentType) ?? 'utf-8')
  if (!fields) return refused('malformed')
  return fields.get('app_id') === app.appId ? { authentic: true, fields } : refused('other app')
}

/** One after the other: the second is only made when the first was not it. */
function* signedTexts(raw: ReadonlyMap<string, string>): Generator<Buffer> {
  yield Buffer.from(canonical(raw, ['sign_type']), 'latin1')
  yield Buffer.from(canonical(raw), 'latin1')
}
