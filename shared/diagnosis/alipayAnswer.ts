import type { RawAnswer } from '../alipay/exchange.js'
import type { AlipayApp } from '../config/alipayApp.js'
import { rightAfterAll, signedByAlipay, wrongKeys } from './alipayKeys.js'
import { changedJson } from './changed.js'
import type { Finding } from './findings.js'
import { isOver } from './recover.js'

/** Why the signature of an answer of Alipay's gateway was not believed. */
export function explainAlipayAnswer(
  app: AlipayApp,
  { value, sign = '', certSn }: RawAnswer,
): Finding | undefined {
  const signed = signedByAlipay(app, sign)
  const isOriginal = (original: string | Buffer) => signed !== undefined && isOver(signed, original)
  const wrong = wrongKeys(app, sign, certSn)
  if (wrong || !signed) return wrong
  return isOriginal(value) ? rightAfterAll(app, signed, certSn) : changedJson(value, isOriginal)
}
