import { createHmac } from 'node:crypto'
import { hmacSha256, md5Hex, sha256Hex } from '../../../shared/crypto/index.js'
import { acs3Signature, fc2StringToSign } from '../../../shared/runtime/functionCompute/signature.js'
import { Refusal } from './refusal.js'

/** The one account of the stand-in. */
export const ACCOUNT = {
  accountId: '1234567890123456',
  accessKeyId: 'LTAI5tStandIn0000000',
  accessKeySecret: 'stand-in-secret-0123456789abcd',
} as const

/** What the role of a function stands for during a call: worth nothing without the token. */
export const ROLE = {
  accessKeyId: 'STS.StandIn00000000000',
  accessKeySecret: 'role-secret-0123456789abcdef',
  securityToken: 'sts-token-of-the-role',
} as const

export interface Signed {
  method: string
  /** Decoded, without query. */
  path: string
  query: URLSearchParams
  headers: Readonly<Record<string, string>>
  body: Buffer
}

const SKEW_MS = 15 * 60_000

/** API 2016-08-15: `FC <key>:<signature>` over `content-md5` (base64 of the digest's hex text) and the headers. */
export function checkFc2(signed: Signed, now: number): void {
  const { method, path, headers, body } = signed
  if (headers['x-fc-account-id'] !== ACCOUNT.accountId) {
    throw new Refusal(400, 'InvalidAccountID', 'the account is another')
  }
  checkTime(headers.date, now)
  const md5 = Buffer.from(md5Hex(body)).toString('base64')
  if (body.length > 0 && headers['content-md5'] !== md5) throw mismatch('content-md5')
  const [, key, given] = /^FC ([^:]+):(.+)$/.exec(headers.authorization ?? '') ?? []
  const text = fc2StringToSign({ method, path, headers })
  const secret = secretOf(key, headers['x-fc-security-token'])
  if (given !== hmacSha256(secret, text).toString('base64')) throw mismatch('signature')
}

const nonces = new Set<string>()

/** ACS3-HMAC-SHA256 (help.aliyun.com, "V3 request structure and signature"). */
export function checkAcs3(signed: Signed, now: number): void {
  const { headers, body } = signed
  const [, key = '', names = '', given = ''] =
    /^ACS3-HMAC-SHA256 Credential=([^,]+),SignedHeaders=([^,]+),Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? []
  const secret = secretOf(key, headers['x-acs-security-token'])
  if (!/^[\d-]{10}T[\d:]{8}Z$/.test(headers['x-acs-date'] ?? '')) throw mismatch('x-acs-date')
  checkTime(headers['x-acs-date'], now)
  const required = [
    'host',
    'x-acs-action',
    'x-acs-content-sha256',
    'x-acs-date',
    'x-acs-signature-nonce',
    'x-acs-version',
  ]
  const covered = names.split(';')
  if (!required.every((name) => covered.includes(name))) throw mismatch('SignedHeaders')
  if (headers['x-acs-content-sha256'] !== sha256Hex(body)) throw mismatch('x-acs-content-sha256')
  const nonce = headers['x-acs-signature-nonce'] ?? ''
  if (nonce === '' || nonces.has(nonce))
    throw new Refusal(400, 'SignatureNonceUsed', 'the nonce was used before')
  nonces.add(nonce)
  if (given !== acs3Signature(signed, covered, secret)) throw mismatch('signature')
}

/** Log Service: `LOG <key>:<signature>`, HMAC-SHA1. */
export function checkLog({ method, path, query, headers }: Signed, now: number): void {
  checkTime(headers.date, now)
  const own = Object.keys(headers).filter((name) => /^x-(log|acs)-/.test(name))
  const lines = own.sort().map((name) => `${name}:${headers[name]}\n`)
  const pairs = [...query].map(([name, value]) => `${name}=${value}`).sort()
  const text = `${method}\n\n${headers['content-type'] ?? ''}\n${headers.date}\n${lines.join('')}${path}?${pairs.join('&')}`
  const signature = createHmac('sha1', ACCOUNT.accessKeySecret).update(text).digest('base64')
  if (headers.authorization !== `LOG ${ACCOUNT.accessKeyId}:${signature}`) throw mismatch('signature')
}

function secretOf(key: string | undefined, token: string | undefined): string {
  if (key === ACCOUNT.accessKeyId) return ACCOUNT.accessKeySecret
  if (key === ROLE.accessKeyId && token === ROLE.securityToken) return ROLE.accessKeySecret
  throw new Refusal(403, 'InvalidAccessKeyID', 'the access key does not exist')
}

function checkTime(date: string | undefined, now: number): void {
  if (!(Math.abs(now - Date.parse(date ?? '')) <= SKEW_MS)) throw mismatch('date')
}

const mismatch = (what: string): Refusal => new Refusal(403, 'SignatureNotMatch', `${what} does not match`)
