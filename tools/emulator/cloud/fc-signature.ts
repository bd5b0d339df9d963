import { hmacSha256, md5Hex, sameText } from '../../../shared/crypto/index.js'
import { fc2StringToSign } from '../../../shared/runtime/functionCompute/signature.js'
import type { Exchange } from './exchange.js'
import { LOCAL_ACCESS } from './identity.js'
import { LIMITS } from './limits.js'

/** A refusal of the Function Compute API, with the code and status of its list of error codes. */
export class FcError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/**
 * Checks the signature of API version 2016-08-15: HMAC-SHA256 in base64 over method, `content-md5`,
 * `content-type`, `date`, the `x-fc-*` headers and the decoded path. Throws {@link FcError}.
 */
export function checkFcSignature({ method, path, headers }: Exchange, now: number): void {
  const { date = '', authorization = '' } = headers
  for (const name of ['x-fc-account-id', 'date', 'authorization']) {
    if (!headers[name]) {
      throw new FcError('MissingRequiredHeader', 400, `required HTTP header ${name} was not specified`)
    }
  }
  const [, keyId = '', given = ''] = /^FC ([^:]+):(.+)$/.exec(authorization) ?? []
  if (keyId !== LOCAL_ACCESS.accessKeyId) {
    throw new FcError('InvalidAccessKeyID', 403, `invalid access key ID '${keyId}'`)
  }
  const expected = hmacSha256(
    LOCAL_ACCESS.accessKeySecret,
    fc2StringToSign({ method, path, headers }),
  ).toString('base64')
  // A date that cannot be read compares as NaN, which is not within any distance.
  const isFresh = Math.abs(now - Date.parse(date)) <= LIMITS.clockSkewMs
  if (!sameText(given, expected) || !isFresh) {
    throw new FcError(
      'SignatureNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided, or its date is too far off. Check your access key and signing method',
    )
  }
}

/** The signature covers the body through `content-md5` alone: base64 of the digest's hex text. */
export function checkFcBody(body: Buffer, given: string | undefined): void {
  if (given !== undefined && !sameText(given, Buffer.from(md5Hex(body)).toString('base64'))) {
    throw new FcError('InvalidArgument', 400, 'content-md5 does not fit the body')
  }
}
