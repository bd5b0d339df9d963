import { constants, type KeyObject, sign } from 'node:crypto'
import type { Clock, Random } from '../../clock.js'
import { invalidSetting, type SettingName, type Settings } from '../../config/index.js'
import { rsaPrivateKey, rsaPublicKey, sealAes256Gcm } from '../../crypto/index.js'

/**
 * WeChat's second layer, "API security" (服务端 API 签名): the body of a request is encrypted with AES-256-GCM and signed
 * with RSASSA-PSS (WeChat writes "RSAwithSHA256"), the answer likewise. Off unless its settings are there.
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/getting_started/api_signature.html
 */

export const apiSecuritySettings: readonly SettingName[] = [
  'WEIXIN_API_SYMMETRIC_KEY',
  'WEIXIN_API_SYMMETRIC_KEY_SN',
  'WEIXIN_API_PRIVATE_KEY',
  'WEIXIN_API_CERT',
  'WEIXIN_API_CERT_SN',
]

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

export const associated = (path: string, { appId, keySn }: ApiSecurity, seconds: number): Buffer =>
  Buffer.from([urlOf(path), appId, seconds, keySn].join('|'))

export const signed = (
  path: string,
  { appId }: ApiSecurity,
  seconds: number,
  body: string | Buffer,
): Buffer =>
  Buffer.concat([Buffer.from(`${urlOf(path)}\n${appId}\n${seconds}\n`), Buffer.from(body as Buffer)])

const TAG_BYTES = 16

/** The body that travels in place of `plain`, a JSON text. */
export function sealText(
  path: string,
  plain: string,
  security: ApiSecurity,
  { iv, seconds }: { iv: Buffer; seconds: number },
): string {
  const box = { key: security.key, nonce: iv, associatedData: associated(path, security, seconds) }
  const sealed = sealAes256Gcm(box, Buffer.from(plain))
  return JSON.stringify({
    iv: iv.toString('base64'),
    data: sealed.subarray(0, -TAG_BYTES).toString('base64'),
    authtag: sealed.subarray(-TAG_BYTES).toString('base64'),
  })
}

/** Encrypts and signs the JSON fields of a request to `path`. */
export function sealRequest(
  path: string,
  fields: object,
  security: ApiSecurity,
  { clock, random }: { clock: Clock; random: Random },
): { headers: Record<string, string>; body: string } {
  const seconds = Math.floor(clock.now() / 1000)
  const _n = random.bytes(16).toString('base64').replace(/=+$/, '')
  const plain = JSON.stringify({ _n, _appid: security.appId, _timestamp: seconds, ...fields })
  const body = sealText(path, plain, security, { iv: random.bytes(12), seconds })
  const pss = { key: security.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
  const headers = {
    'content-type': 'application/json;charset=utf-8',
    'wechatmp-appid': security.appId,
    'wechatmp-timestamp': String(seconds),
    'wechatmp-signature': sign('sha256', signed(path, security, seconds, body), pss).toString('base64'),
  }
  return { headers, body }
}
