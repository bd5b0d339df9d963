import { constants, verify } from 'node:crypto'
import { openAes256Gcm } from '../../crypto/index.js'
import type { HttpAnswer } from '../../http/index.js'
import { notAnAnswer } from '../answer.js'
import { type ApiSecurity, associated, signed } from './request.js'

/** How far WeChat's clock and ours may be apart. */
const TOLERANCE_SECONDS = 300

/**
 * Verifies and decrypts an answer. WeChat sends some errors plain (a dead token, a bad signature): those are believed,
 * anything else that is not signed is not.
 */
export function openAnswer(
  path: string,
  answer: HttpAnswer,
  security: ApiSecurity,
  nowMs: number,
): HttpAnswer {
  const { headers } = answer
  const signature = signatureOf(headers, security.certificateSn)
  if (signature === undefined) return plainError(answer)
  const seconds = Number(headers['wechatmp-timestamp'])
  const isOurs = headers['wechatmp-appid'] === security.appId
  const isFresh = Math.abs(nowMs / 1000 - seconds) <= TOLERANCE_SECONDS
  if (!isOurs || !isFresh || !isSigned(path, answer.body, signature, seconds, security)) {
    throw notAnAnswer('an answer whose signature does not hold (API security)')
  }
  return { ...answer, body: decrypted(path, answer.body, seconds, security) }
}

/** While WeChat changes its certificate, answers carry the old signature as well. */
function signatureOf(headers: Record<string, string>, certificateSn: string): string | undefined {
  const kinds = ['', '-deprecated']
  const kind = kinds.find((each) => headers[`wechatmp-serial${each}`] === certificateSn)
  return kind === undefined ? undefined : headers[`wechatmp-signature${kind}`]
}

function isSigned(
  path: string,
  body: Buffer,
  signature: string,
  seconds: number,
  security: ApiSecurity,
): boolean {
  const pss = {
    key: security.publicKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_AUTO,
  }
  return verify('sha256', signed(path, security, seconds, body), pss, Buffer.from(signature, 'base64'))
}

/** The text inside, exactly as WeChat wrote it: numbers beyond 2^53 are read later. */
function decrypted(path: string, body: Buffer, seconds: number, security: ApiSecurity): Buffer {
  try {
    const { iv, data, authtag } = JSON.parse(body.toString('utf8')) as Record<string, string>
    const bytes = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64')
    const associatedData = associated(path, security, seconds)
    const box = { key: security.key, nonce: bytes(iv), associatedData }
    const plain = openAes256Gcm(box, Buffer.concat([bytes(data), bytes(authtag)]))
    const { _appid, _timestamp } = JSON.parse(plain.toString('utf8')) as Record<string, unknown>
    if (_appid === security.appId && _timestamp === seconds) return plain
  } catch {
    // One error for whatever does not open, and for what was meant for another call.
  }
  throw notAnAnswer('an answer that cannot be opened (API security)')
}

function plainError(answer: HttpAnswer): HttpAnswer {
  try {
    const { errcode } = JSON.parse(answer.body.toString('utf8')) as { errcode?: unknown }
    if (typeof errcode === 'number' && errcode !== 0) return answer
  } catch {
    // Not JSON, so no error of WeChat's either.
  }
  throw notAnAnswer('an answer without the signature it should have (API security)')
}
