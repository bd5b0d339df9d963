import type { FunctionConfig } from '../../../../shared/runtime/config.js'
import { type CloudContext, FunctionFailure, newRequestId, runCall } from '../calls.js'
import { LOCAL_SPACE } from '../limits.js'

/** uniCloud's words for who calls. */
type UniCloudSource = 'client' | 'http' | 'timing' | 'function'

export interface UniCloudCall {
  config: FunctionConfig
  event: unknown
  source: UniCloudSource
  ip: string
  userAgent?: string
  /** What the client library says of the device; only the names uniCloud knows get through. */
  clientInfo?: unknown
  uniIdToken?: unknown
  /** Seconds until the platform cuts the call off. */
  patience?: number
}

/** Exactly what the published client sends, and uniCloud turns into context fields (cf-callfunction.html). */
const CLIENT_FIELDS = [
  ...['PLATFORM', 'OS', 'APPID', 'DEVICEID', 'LOCALE', 'locale', 'channel', 'scene', 'ua'],
  ...['appId', 'appLanguage', 'appName', 'appVersion', 'appVersionCode', 'appWgtVersion'],
  ...['browserName', 'browserVersion', 'deviceBrand', 'deviceId', 'deviceModel', 'deviceType'],
  ...['osName', 'osVersion', 'romName', 'romVersion', 'hostName', 'hostVersion', 'uniPlatform'],
  ...['uniRuntimeVersion', 'uniRuntimeVersionCode', 'uniCompilerVersion', 'uniCompilerVersionCode'],
] as const

/**
 * Runs `exports.main` as uniCloud does and answers its result as it looks after the wire, which is JSON.
 * Throws `FunctionFailure`.
 */
export async function callUniCloud(
  cloud: CloudContext,
  call: UniCloudCall,
): Promise<{ result: unknown; requestId: string }> {
  const requestId = newRequestId(cloud)
  const { config, event, patience } = call
  const context = contextOf(cloud, call, requestId)
  const { result } = await runCall(cloud, {
    config,
    requestId,
    ...(patience === undefined ? {} : { patience }),
    work: ({ main }) => main(event, context),
  })
  return { result: overTheWire(result), requestId }
}

/** As `uniCloud.callFunction` inside a function: the data as JSON carries it, the bare result back. */
export async function callAsServer(cloud: CloudContext, name: string, data: object): Promise<unknown> {
  const config = cloud.bundles.find(name)
  if (!config) throw new Error(`FUNCTION_NOT_FOUND: there is no ${name}`)
  const event = overTheWire(data)
  return (await callUniCloud(cloud, { config, event, source: 'function', ip: '127.0.0.1' })).result
}

function contextOf({ limits }: CloudContext, call: UniCloudCall, requestId: string): Record<string, unknown> {
  return {
    ...clientFields(call.clientInfo),
    SPACEINFO: { spaceId: LOCAL_SPACE.spaceId, provider: limits.edition },
    SOURCE: call.source,
    FUNCTION_NAME: call.config.name,
    FUNCTION_TYPE: 'cloudfunction',
    CLIENTIP: call.ip,
    CLIENTUA: call.userAgent ?? '',
    requestId,
    ...(typeof call.uniIdToken === 'string' ? { uniIdToken: call.uniIdToken } : {}),
  }
}

function clientFields(clientInfo: unknown): Record<string, unknown> {
  if (typeof clientInfo !== 'object' || clientInfo === null) return {}
  const given = new Map<string, unknown>(Object.entries(clientInfo))
  return Object.fromEntries(
    CLIENT_FIELDS.filter((name) => given.has(name)).map((name) => [name, given.get(name)]),
  )
}

function overTheWire(result: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(result) ?? 'null')
  } catch (cause) {
    throw new FunctionFailure('unhandled', 'TypeError', `the result is not JSON: ${(cause as Error).message}`)
  }
}
