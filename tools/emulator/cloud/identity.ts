/** The one uniCloud space of this machine. Its secret protects nothing: the local cloud listens on the loopback only. */
export const LOCAL_SPACE = { spaceId: 'mp-local', clientSecret: 'local-secret' } as const

/** The one Alibaba Cloud account of this machine. */
export const LOCAL_ACCESS = {
  accountId: 'local',
  accessKeyId: 'local',
  accessKeySecret: 'local-secret',
} as const

/** The Function Compute service that holds the functions of one group. */
export const fcServiceOf = (group: string): string => `unicloud-openapi-${group}`
