import { MINUTE_MS } from '../../../shared/clock.js'
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
 * What the two clouds allow, in one place because they change it: uniCloud's documentation of Alibaba spaces
 * (doc.dcloud.net.cn/uniCloud/cf-functions.html) and Function Compute's list of limits
 * (help.aliyun.com/zh/functioncompute/fc-2-0/product-overview/limits). Bytes, seconds or milliseconds as named.
 */
export const LIMITS = {
  clientBodyBytes: 1024 * 1024,
  urlBodyBytes: 1024 * 1024,
  fcBodyBytes: 32 * 1024 * 1024,
  fcAsyncBodyBytes: 128 * 1024,
  fcLogTailBytes: 4 * 1024,
  fcAsyncRetries: 3,
  /** A client is cut off here whatever the function's own limit says. */
  clientSeconds: 60,
  timerSeconds: 600,
  anonymousTokenSeconds: 600,
  /** How far a signed request's time may be from ours. */
  clockSkewMs: 15 * MINUTE_MS,
} as const
