import { constants, type KeyObject, sign, verify } from 'node:crypto'
import type { Clock, Random } from '../clock.js'
import { invalidSetting, type SettingName, type Settings } from '../config/index.js'
import { openAes256Gcm, rsaPrivateKey, rsaPublicKey, sealAes256Gcm } from '../crypto/index.js'
import type { OpenapiError } from '../errors/index.js'
import type { HttpAnswer } from '../http/http.js'
import { readJson } from '../json.js'
import { invalidAnswer } from './answer.js'

/**
 * WeChat's second layer, "API security" (服务端 API 签名): the body of a request is encrypted with AES-256-GCM and signed
 * with RSASSA-PSS (WeChat writes "RSAwithSHA256"), the answer likewise. Off unless its settings are there.
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/getting_started/api_signature.html
 */

/**
 * The APIs under API security, of WeChat's guide. Those that answer pictures are left out: how a picture is encrypted
 * is not documented.
 */
export const securedPaths: ReadonlySet<string> = new Set([
  '/cgi-bin/clear_quota',
  '/cgi-bin/express/business/account/getall',
  '/cgi-bin/express/business/delivery/getall',
  '/cgi-bin/express/business/printer/getall',
  '/cgi-bin/message/custom/send',
  '/cgi-bin/message/subscribe/send',
  '/cgi-bin/message/wxopen/updatablemsg/send',
  '/cgi-bin/openapi/quota/get',
  '/cgi-bin/openapi/rid/get',
  '/cgi-bin/soter/verify_signature',
  '/datacube/getweanalysisappiddailyretaininfo',
  '/datacube/getweanalysisappiddailysummarytrend',
  '/datacube/getweanalysisappiddailyvisittrend',
  '/datacube/getweanalysisappidmonthlyretaininfo',
  '/datacube/getweanalysisappidmonthlyvisittrend',
  '/datacube/getweanalysisappiduserportrait',
  '/datacube/getweanalysisappidvisitdistribution',
  '/datacube/getweanalysisappidvisitpage',
  '/datacube/getweanalysisappidweeklyretaininfo',
  '/datacube/getweanalysisappidweeklyvisittrend',
  '/wxa/business/checkencryptedmsg',
  '/wxa/business/getuserencryptkey',
  '/wxa/business/getuserphonenumber',
  '/wxa/business/performance/boot',
  '/wxa/devplugin',
  '/wxa/getpluginopenpid',
  '/wxa/getuserriskrank',
  '/wxa/getwxadevinfo',
  '/wxa/media_check_async',
  '/wxa/msg_sec_check',
  '/wxa/plugin',
  '/wxa/servicemarket',
  '/wxaapi/log/get_performance',
  '/wxaapi/log/jserr_detail',
  '/wxaapi/log/jserr_list',
  '/wxaapi/newtmpl/addtemplate',
  '/wxaapi/newtmpl/deltemplate',
])

export interface ApiSecurity {
  appId: string
  key: Buffer
  keySn: string
  privateKey: KeyObject
  /** WeChat's, out of the certificate that the console offers. */
  publicKey: KeyObject
  /** The console's number of that certificate, which is not the serial inside it. */
  certificateSn: string
}

/** The keys of the layer, where the settings have them for this application. */
export function apiSecurityOf(appId: string, settings: Settings): ApiSecurity | undefined {
  const base64 = settings.get('WEIXIN_API_SYMMETRIC_KEY')
  // The console gives keys per application, and there is one set of settings: the main application's.
  if (base64 === undefined || appId !== settings.get('WEIXIN_APP_ID')) return undefined
  const key = Buffer.from(base64, 'base64')
  if (key.length !== 32) throw invalidSetting('WEIXIN_API_SYMMETRIC_KEY', 'not 32 bytes')
  return {
    appId,
    key,
    keySn: settings.require('WEIXIN_API_SYMMETRIC_KEY_SN'),
    privateKey: parsed(settings, 'WEIXIN_API_PRIVATE_KEY', rsaPrivateKey),
    publicKey: parsed(settings, 'WEIXIN_API_CERT', rsaPublicKey),
    certificateSn: settings.require('WEIXIN_API_CERT_SN'),
  }
}

function parsed(settings: Settings, name: SettingName, parse: (text: string) => KeyObject): KeyObject {
  try {
    return parse(settings.require(name))
  } catch (cause) {
    throw cause instanceof Error && 'errCode' in cause ? cause : invalidSetting(name, 'not readable', cause)
  }
}

/** WeChat signs its own address, whichever one a call really goes to. */
const urlOf = (path: string): string => `https://api.weixin.qq.com${path}`

const associatedDataOf = (path: string, { appId, keySn }: ApiSecurity, seconds: number): Buffer =>
  Buffer.from([urlOf(path), appId, seconds, keySn].join('|'))

const signedText = (path: string, { appId }: ApiSecurity, seconds: number, body: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${urlOf(path)}\n${appId}\n${seconds}\n`), Buffer.from(body as Buffer)])

const TAG_BYTES = 16

/** The body that travels in place of `plain`, a JSON text. */
export function encryptBody(
  path: string,
  plain: string,
  security: ApiSecurity,
  { iv, seconds }: { iv: Buffer; seconds: number },
): string {
  const box = { key: security.key, nonce: iv, associatedData: associatedDataOf(path, security, seconds) }
  const sealed = sealAes256Gcm(box, Buffer.from(plain))
  return JSON.stringify({
    iv: iv.toString('base64'),
    data: sealed.subarray(0, -TAG_BYTES).toString('base64'),
    authtag: sealed.subarray(-TAG_BYTES).toString('base64'),
  })
}

/** Encrypts and signs the JSON fields of a request to `path`. */
export function encryptRequest(
  path: string,
  fields: object,
  security: ApiSecurity,
  { clock, random }: { clock: Clock; random: Random },
): { headers: Record<string, string>; body: string } {
  const seconds = Math.floor(clock.now() / 1000)
  const _n = random.bytes(16).toString('base64').replace(/=+$/, '')
  const plain = JSON.stringify({ _n, _appid: security.appId, _timestamp: seconds, ...fields })
  const body = encryptBody(path, plain, security, { iv: random.bytes(12), seconds })
  const pss = { key: security.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  const headers = {
    'content-type': 'application/json;charset=utf-8',
    'wechatmp-appid': security.appId,
    'wechatmp-timestamp': String(seconds),
    'wechatmp-signature': sign('sha256', signedText(path, security, seconds, body), pss).toString('base64'),
  }
  return { headers, body }
}

/** How far WeChat's clock and ours may be apart. */
const TOLERANCE_SECONDS = 300

/**
 * Verifies and decrypts an answer. WeChat sends some errors plain (a dead token, a bad signature): those are accepted
 * as they are; anything else without a signature is refused.
 */
export function verifyAnswer(
  path: string,
  answer: HttpAnswer,
  security: ApiSecurity,
  nowMs: number,
): HttpAnswer {
  const { headers } = answer
  const signature = signatureOf(headers, security.certificateSn)
  if (signature === undefined) return plainError(answer, security)
  const seconds = Number(headers['wechatmp-timestamp'])
  const isOurs = headers['wechatmp-appid'] === security.appId
  const isFresh = Math.abs(nowMs / 1000 - seconds) <= TOLERANCE_SECONDS
  if (!isOurs || !isFresh) {
    throw invalidAnswer(
      'an answer for another application, or of another time than our clock has (API security)',
    )
  }
  if (!isSigned(path, answer.body, signature, seconds, security)) {
    throw settingsDoubted('an answer whose signature does not hold', 'WEIXIN_API_CERT and WEIXIN_API_CERT_SN')
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
  return verify('sha256', signedText(path, security, seconds, body), pss, Buffer.from(signature, 'base64'))
}

/** The text inside, exactly as WeChat wrote it: numbers beyond 2^53 are read later. */
function decrypted(path: string, body: Buffer, seconds: number, security: ApiSecurity): Buffer {
  try {
    const { iv, data, authtag } = readJson(body.toString('utf8')) as Record<string, string>
    const bytes = (base64: string | undefined) => Buffer.from(base64 ?? '', 'base64')
    const associatedData = associatedDataOf(path, security, seconds)
    const box = { key: security.key, nonce: bytes(iv), associatedData }
    const plain = openAes256Gcm(box, Buffer.concat([bytes(data), bytes(authtag)]))
    const { _appid, _timestamp } = readJson(plain.toString('utf8')) as Record<string, unknown>
    if (_appid === security.appId && _timestamp === seconds) return plain
  } catch {
    // One error for all: what cannot be decrypted, and what was meant for another call.
  }
  const keys = 'WEIXIN_API_SYMMETRIC_KEY and WEIXIN_API_SYMMETRIC_KEY_SN'
  throw settingsDoubted('an answer that cannot be opened', keys)
}

const quotedSerial = (serial: string): string => (/^[\w-]{1,64}$/.test(serial) ? serial : 'another serial')

/** What a wrong key looks like; whoever answers in WeChat's place looks the same, so the outcome stays unknown. */
const settingsDoubted = (what: string, names: string): OpenapiError =>
  invalidAnswer(`${what}: compare ${names} with the console (API security)`, { advice: 'fix the settings' })

function plainError(answer: HttpAnswer, { certificateSn }: ApiSecurity): HttpAnswer {
  try {
    const { errcode } = readJson(answer.body.toString('utf8')) as { errcode?: unknown }
    if (typeof errcode === 'number' && errcode !== 0) return answer
  } catch {
    // Not JSON, so no error of WeChat's either.
  }
  const serial = answer.headers['wechatmp-serial']
  if (serial === undefined || serial === certificateSn) {
    throw invalidAnswer('an answer without the signature it should have (API security)')
  }
  const named = `an answer signed under ${quotedSerial(serial)} where ${certificateSn} is set`
  throw settingsDoubted(named, 'WEIXIN_API_CERT and WEIXIN_API_CERT_SN')
}
