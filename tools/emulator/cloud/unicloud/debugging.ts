import { type CloudContext, FunctionFailure } from '../calls.js'
import { type Exchange, type HttpAnswer, json, jsonObject } from '../http.js'
import { callUniCloud } from './call.js'

/**
 * uniCloud's local debugging, which HBuilderX speaks on a developer's machine: a uni-app development build started
 * with `UNICLOUD_DEBUG` pointing here calls these functions instead of those in the cloud. It has no signature and
 * gives no rank above a client's. `{ code: 0 }` says that the server is there.
 */
export const ping = async (): Promise<HttpAnswer> => json(200, { code: 0 })

/** `SWITCH_TO_CLOUD` makes the client call the deployed function of that name. */
export async function checkFunction(cloud: CloudContext, exchange: Exchange): Promise<HttpAnswer> {
  const { name } = (await readFields(cloud, exchange)) ?? {}
  if (cloud.bundles.find(String(name))) return json(200, { code: 0 })
  return json(200, { code: 'SWITCH_TO_CLOUD', message: `there is no ${name} here` })
}

/** Runs `name` with the body's `param`: the arguments as the client library made them. Answers the bare result. */
export async function debugFunction(
  cloud: CloudContext,
  exchange: Exchange,
  name: string,
): Promise<HttpAnswer> {
  const config = cloud.bundles.find(name)
  if (!config) return json(404, { code: 'FUNCTION_NOT_FOUND', message: `there is no ${name}` })
  const body = await readFields(cloud, exchange)
  if (!body) return json(400, { code: 'InvalidBody.Format', message: 'expected a JSON object' })
  const { clientInfo, ...event } = { ...(body.param as Record<string, unknown> | undefined) }
  const userAgent = exchange.headers['user-agent'] ?? ''
  const about = { source: 'client', ip: exchange.ip, userAgent, uniIdToken: event.uniIdToken } as const
  try {
    const patience = cloud.limits.clientSeconds
    return json(200, (await callUniCloud(cloud, { config, event, clientInfo, ...about, patience })).result)
  } catch (error) {
    if (!(error instanceof FunctionFailure)) throw error
    return json(500, { code: 'FunctionBizError', message: error.message })
  }
}

const readFields = async ({ limits }: CloudContext, exchange: Exchange) =>
  jsonObject((await exchange.body(limits.clientBodyBytes)).toString('utf8'))
