import { MINUTE_MS } from '../../../shared/clock.js'
import { bytesOf, type EditionName, editions, functionCompute } from '../../clouds/index.js'

/** The one uniCloud space of this machine. Its secret protects nothing: the local cloud listens on the loopback only. */
export const LOCAL_SPACE = { spaceId: 'mp-local', clientSecret: 'local-secret' } as const

/** The one Alibaba CloudContext account of this machine. */
export const LOCAL_ACCESS = {
  accountId: 'local',
  accessKeyId: 'local',
  accessKeySecret: 'local-secret',
} as const

/** The Function Compute service that holds the functions of one group. */
export const fcServiceOf = (group: string): string => `unicloud-openapi-${group}`

/**
 * What the two clouds allow, of `tools/clouds/`, and what the published client library shows of the protocol. Bytes,
 * seconds or milliseconds as named.
 */
export const LIMITS = {
  fcBodyBytes: bytesOf(functionCompute.body),
  fcAsyncBodyBytes: bytesOf(functionCompute.bodyAsync),
  fcLogTailBytes: bytesOf(functionCompute.logTail),
  fcAsyncRetries: functionCompute.asyncRetries.value,
  anonymousTokenSeconds: 600,
  /** How far a signed request's time may be from ours. */
  clockSkewMs: 15 * MINUTE_MS,
} as const

/** What one edition of uniCloud allows, and how it tells a timer what it is called. */
export interface EditionLimits {
  edition: EditionName
  clientBodyBytes: number
  urlBodyBytes: number
  urlTextBytes: number
  urlAnswerBytes: number
  /** A client is cut off here whatever the function's own limit says. */
  clientSeconds: number
  urlSeconds: number
  timerSeconds: number
  /** The same for all timers, where the edition does not tell the configured one. */
  timerName: string | undefined
}

export function limitsOf(edition: EditionName): EditionLimits {
  const contracts = editions[edition]
  return {
    edition,
    clientBodyBytes: bytesOf(contracts.callIn),
    urlBodyBytes: bytesOf(contracts.urlIn),
    urlTextBytes: bytesOf(contracts.urlTextIn ?? contracts.urlIn),
    urlAnswerBytes: bytesOf(contracts.urlOut),
    clientSeconds: contracts.timeoutClient.value,
    urlSeconds: contracts.timeoutUrl.value,
    timerSeconds: contracts.timeoutTimer.value,
    timerName: contracts.timerName?.value,
  }
}
