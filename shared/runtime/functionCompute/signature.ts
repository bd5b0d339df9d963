import { hmacSha256, sha256Hex } from '../../crypto/digest.js'

/** A request to the API of Function Compute, as far as its signature covers it; header names in lower case. */
export interface FcRequest {
  method: string
  /** Decoded, without query. */
  path: string
  query?: URLSearchParams
  headers: Readonly<Record<string, string>>
  body: Buffer
}

/**
 * What API 2016-08-15 (FC 2.0) signs, with HMAC-SHA256 in base64: the body through `content-md5` alone
 * (help.aliyun.com, Function Compute 2.0, "signature authentication").
 */
export function fc2StringToSign({ method, path, headers }: Omit<FcRequest, 'body'>): string {
  const fcHeaders = Object.keys(headers)
    .filter((name) => name.startsWith('x-fc-'))
    .sort()
    .map((name) => `${name}:${headers[name]}\n`)
  const { 'content-md5': md5 = '', 'content-type': type = '', date = '' } = headers
  return `${method}\n${md5}\n${type}\n${date}\n${fcHeaders.join('')}${path}`
}

/** HMAC-SHA256 in hex over a request and the headers `covered`, for API 2023-03-30 (help.aliyun.com, ACS3-HMAC-SHA256). */
export function acs3Signature(
  { method, path, query = new URLSearchParams(), headers, body }: FcRequest,
  covered: readonly string[],
  secret: string,
): string {
  const pairs = [...query].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort()
  const lines = covered.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`)
  const canonical = [
    ...[method, path.split('/').map(encode).join('/'), pairs.join('&')],
    ...[lines.join(''), covered.join(';'), sha256Hex(body)],
  ].join('\n')
  return hmacSha256(secret, `ACS3-HMAC-SHA256\n${sha256Hex(canonical)}`).toString('hex')
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
