import {
  type OpenapiError,
  openapiError,
  TLS_REFUSED,
  UPSTREAM_TIMEOUT,
  UPSTREAM_UNREACHABLE,
} from '../errors/index.js'

/** How a request ended without an answer. */
interface Failure {
  /** The code of the error. */
  reason: string
  timedOut: boolean
  /** Whether nothing can have been done at the other end, since nothing was sent. */
  isUnsent: boolean
}

/** The error for the caller, and what to do where it was the handshake that failed. */
export function noAnswer({ host, protocol }: URL, { reason, timedOut, isUnsent }: Failure): OpenapiError {
  if (timedOut) return openapiError(UPSTREAM_TIMEOUT, { host })
  const hint = protocol === 'https:' && isUnsent ? tlsHint(reason) : undefined
  if (hint !== undefined)
    return openapiError(TLS_REFUSED, { host, reason, hint }, { advice: 'fix the settings' })
  return openapiError(UPSTREAM_UNREACHABLE, { host, reason }, { outcome: isUnsent ? 'failed' : 'unknown' })
}

/** What a handshake says that was refused, by what is to be done. https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const tlsHints: readonly (readonly [RegExp, string])[] = [
  [
    /SELF_SIGNED|ISSUER|LEAF_SIGNATURE|UNTRUSTED|INVALID_CA/,
    'nobody known here certifies that server; for one of your own, the local WeChat Pay say, set WEIXIN_PAY_CA to its ' +
      'certificate, else something on the way answers in its place',
  ],
  [/EXPIRED|NOT_YET_VALID/, "its certificate is out of date, or this machine's clock is"],
  [/ALTNAME|HOSTNAME/, 'its certificate is for another name; check the address in the settings'],
  [
    /^(EPROTO|ERR_SSL_|ERR_TLS_)/,
    'it does not speak TLS as we do; check the address in the settings, http: or https:',
  ],
  [/CERT/, 'its certificate was refused'],
]

const tlsHint = (reason: string): string | undefined => tlsHints.find(([known]) => known.test(reason))?.[1]
