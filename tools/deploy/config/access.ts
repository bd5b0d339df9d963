import { DeployFailure } from '../failure.js'
import type { AccessName, Given } from './given.js'

/** Who deploys, and where to. */
export interface Access {
  accountId: string
  accessKeyId: string
  accessKeySecret: string
  securityToken?: string
  region: string
  /** Instead of the region's own address of Function Compute. */
  endpoint?: string
  /** Instead of the region's own address of Log Service; the project's name is put before its host. */
  logEndpoint?: string
}

const WHERE: Partial<Record<AccessName, string>> = {
  ALIBABA_CLOUD_ACCOUNT_ID: 'the number under your avatar in the console, Account Management (账号 ID)',
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'ram.console.aliyun.com: a RAM user with AliyunFCFullAccess, AccessKey',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'shown once when that AccessKey is made',
}

/** Throws {@link DeployFailure} that names what is missing and where to find it. */
export function accessOf({ access }: Given, region: string): Access {
  const missing = Object.entries(WHERE).filter(([name]) => !access[name as AccessName])
  if (missing.length > 0) {
    const lines = missing.map(([name, where]) => `  ${name}: ${where}`)
    throw new DeployFailure(
      'MISSING_ACCESS',
      `This needs access to Alibaba Cloud. Put into .env (which is never packaged) or into the environment:\n${lines.join('\n')}`,
    )
  }
  const endpoint = safeUrl('ALIBABA_CLOUD_FC_ENDPOINT', access.ALIBABA_CLOUD_FC_ENDPOINT)
  const logEndpoint = safeUrl('ALIBABA_CLOUD_LOG_ENDPOINT', access.ALIBABA_CLOUD_LOG_ENDPOINT)
  const securityToken = access.ALIBABA_CLOUD_SECURITY_TOKEN
  return {
    accountId: access.ALIBABA_CLOUD_ACCOUNT_ID ?? '',
    accessKeyId: access.ALIBABA_CLOUD_ACCESS_KEY_ID ?? '',
    accessKeySecret: access.ALIBABA_CLOUD_ACCESS_KEY_SECRET ?? '',
    region,
    ...(securityToken ? { securityToken } : {}),
    ...(endpoint ? { endpoint } : {}),
    ...(logEndpoint ? { logEndpoint } : {}),
  }
}

/** Settings travel in the requests, so plain http is for this machine alone. */
function safeUrl(name: AccessName, value: string | undefined): string | undefined {
  if (value === undefined) return undefined
  const url = URL.canParse(value) ? new URL(value) : undefined
  const isLocal = url?.hostname === '127.0.0.1' || url?.hostname === 'localhost'
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) return url.origin
  throw new DeployFailure('INVALID_ACCESS', `${name} has to be an https address`)
}
