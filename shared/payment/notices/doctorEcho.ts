import type { SettingName } from '../../config/index.js'
import { hmacSha256, sameText } from '../../crypto/index.js'
import type { Context, HttpCall } from '../../operation/index.js'

/**
 * How `npm run doctor` finds out whether callbacks arrive with their bytes untouched: it posts bytes of its own to
 * {@link ECHO_PATH} below a notify function, in the headers that WeChat Pay V3's notices have, and the function answers
 * with an HMAC over what it received. Only whoever holds one of the deployment's secrets gets that answer. Everybody
 * else gets the refusal that any unknown address gives, so the path tells nothing and can be found by nobody.
 */

/** Below `NOTIFY_BASE_URL/<function>`; no provider has such a name. */
export const ECHO_PATH = '/doctor/echo'

/** The secrets a probe may be signed with, the one made for such things first. Texts, never files. */
export const echoSecrets = [
  'EVIDENCE_KEY',
  'EVENT_SECRET',
  'WEIXIN_PAY_V3_KEY',
  'WEIXIN_PAY_KEY',
  'ALIPAY_AES_KEY',
] as const satisfies readonly SettingName[]

export type EchoSecret = (typeof echoSecrets)[number]

/** What a probe says of itself. */
export interface Probe {
  /** Whose secret signs it. */
  setting: EchoSecret
  /** Unix seconds. */
  seconds: string
  /** Used once. */
  nonce: string
}

/** How far the two clocks may be apart, as for every notice. Seconds. */
const WINDOW_S = 300

/** Own keys for each use: what signs here signs nowhere else, and the secret itself is never used. */
const keyFor = (use: 'probe' | 'echo', secret: string): Buffer =>
  hmacSha256(secret, `unicloud-openapi doctor ${use} 1`)

/** The headers of a probe. The body is not covered: that it may have been changed is what the answer tells. */
export function probeHeaders(probe: Probe, secret: string): Record<string, string> {
  return {
    'wechatpay-serial': probe.setting,
    'wechatpay-timestamp': probe.seconds,
    'wechatpay-nonce': probe.nonce,
    'wechatpay-signature': probeSignature(probe, secret),
  }
}

const probeSignature = ({ setting, seconds, nonce }: Probe, secret: string): string =>
  hmacSha256(keyFor('probe', secret), [setting, seconds, nonce].join('\n')).toString('hex')

/** What the function answers about a body it received; lower-case hex. */
export const echoOf = (body: Buffer, { nonce }: Probe, secret: string): string =>
  hmacSha256(keyFor('echo', secret), Buffer.concat([Buffer.from(`${nonce}\n`), body])).toString('hex')

/** A probe that was answered. */
export interface DoctorEcho {
  doctorEcho: string
  /** Of the body as it arrived. */
  bytes: number
}

/** The echo of a call, if it is a probe of somebody who holds the secret it names; else nothing, whatever it is. */
export function doctorEcho(
  { settings, clock }: Context,
  { path, headers, rawBody }: HttpCall,
): DoctorEcho | undefined {
  const setting = echoSecrets.find((name) => name === headers['wechatpay-serial'] && settings.declares(name))
  const secret = setting && settings.get(setting)
  if (setting === undefined || secret === undefined || !path.endsWith(ECHO_PATH)) return undefined
  const { 'wechatpay-timestamp': seconds = '', 'wechatpay-nonce': nonce = '' } = headers
  const probe = { setting, seconds, nonce }
  const isWhole = /^\d{10}$/.test(seconds) && /^[0-9a-f]{32}$/.test(nonce)
  const isOurs = sameText(probeSignature(probe, secret), headers['wechatpay-signature'] ?? '')
  if (!isWhole || !isOurs || Math.abs(clock.now() / 1000 - Number(seconds)) > WINDOW_S) return undefined
  return { doctorEcho: echoOf(rawBody, probe, secret), bytes: rawBody.length }
}
