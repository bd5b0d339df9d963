import type { FunctionConfig } from '../../../shared/runtime/config.js'
import { type Cloud, FunctionFailure, newRequestId } from './calls.js'
import { type Answer, BodyTooLarge, type Door, type Exchange, json } from './exchange.js'
import { failure } from './fc.js'
import { LIMITS } from './limits.js'

/** How one version of Function Compute runs a function behind a URL. */
export type HttpRun = (cloud: Cloud, config: FunctionConfig, call: HttpTrigger) => Promise<Answer>

export interface HttpTrigger {
  exchange: Exchange
  /** The whole path, as behind a custom domain of Function Compute, which cuts nothing off. */
  path: string
  body: Buffer
  requestId: string
}

/**
 * HTTP triggers of Function Compute: `/fc2/<path>` of version 2.0 (`req, resp, context`), `/fc3/<path>` of
 * version 3.0 (one JSON event). The function is found as behind `/http/`.
 */
export function fcHttpDoor(cloud: Cloud, prefix: string, run: HttpRun): Door {
  return async (exchange) => {
    const path = exchange.path.slice(prefix.length)
    const found = cloud.bundles.byPath(path)
    if (!found) return json(404, { ErrorCode: 'FunctionNotFound', ErrorMessage: 'no function has this path' })
    const requestId = newRequestId(cloud)
    try {
      const body = await exchange.body(LIMITS.fcBodyBytes)
      return await run(cloud, found.config, { exchange, path, body, requestId })
    } catch (error) {
      const headers = { 'x-fc-request-id': requestId }
      if (error instanceof FunctionFailure) return failure(error, 502, headers)
      if (!(error instanceof BodyTooLarge)) throw error
      return json(400, { ErrorCode: 'EntityTooLarge', ErrorMessage: error.message }, headers)
    }
  }
}

/** The headers a function sees: Function Compute keeps some to itself. */
export const forFunction = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !name.startsWith('x-fc-') && name !== 'connection' && name !== 'keep-alive',
    ),
  )
