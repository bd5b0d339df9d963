import type { ServerResponse } from 'node:http'
import { systemClock } from '../clock.js'
import { asOpenapiError, FUNCTION_NOT_FOUND, openapiError } from '../errors/index.js'
import type { HttpReply } from '../operation/index.js'
import { jsonReply, refusal, success } from '../runtime/answer.js'
import type { Arrival } from '../runtime/arrival.js'
import { corsHeaders } from '../runtime/door.js'
import { readingTime } from '../runtime/invocation.js'
import { run, serve } from '../runtime/serve.js'
import { type ServedFunction, type ServerCalls, servedFunctions } from './functions.js'
import { checkedOptions, hostOf, type ServerHost } from './host.js'
import type { OpenapiOptions } from './options.js'
import { answerRequest, fromRequest, pathBelow, type ServerRequest } from './request.js'
import { runsOf } from './schedule.js'
import { runTimer } from './timers.js'

/** A listener of `node:http`, and a middleware of Express, Connect and Nest. */
export type RequestListener = (
  request: ServerRequest,
  response: ServerResponse,
  next?: (error?: unknown) => void,
) => Promise<void>

export interface Openapi extends ServerCalls {
  /**
   * Answers clients and the platforms under `<basePath>/<function>`. What only servers may call is refused here, by
   * whatever name. A path that is none of ours goes to `next`, where there is one.
   */
  readonly handler: RequestListener
  /** Ends the timers, waits for what is under way, and closes a store that was opened here. */
  close(): Promise<void>
}

/** The functions on one's own server. INVALID_PARAM for options that cannot be. */
export function createOpenapi(options: OpenapiOptions = {}): Openapi {
  const { basePath = '', trustProxy = false, clock = systemClock } = checkedOptions(options)
  const host = hostOf(options, clock)
  const pending = new Set<Promise<unknown>>()
  const closing = new AbortController()
  const tracked = <Result>(work: Promise<Result>): Promise<Result> => {
    const settled = work.catch(() => undefined).finally(() => pending.delete(settled))
    pending.add(settled)
    return work
  }
  const serving = async (fn: ServedFunction) => ({
    ...{ operation: await fn.load(), door: fn.door, timeout: fn.timeout, host: host.ready() },
  })
  const called = async (fn: ServedFunction, arrival: Arrival): Promise<object> => {
    const { outcome } = await run(await serving(fn), arrival)
    if ('error' in outcome) throw outcome.error
    return success(outcome.result)
  }

  const answer = async (...[request, response, next]: Parameters<RequestListener>): Promise<void> => {
    const path = pathBelow(basePath, request)
    const fn = path === undefined ? undefined : servedFunctions.get(path.split('/')[1] ?? '')
    if (path === undefined || !fn) {
      if (next) next()
      else answerRequest(response, notFound(request, host))
      return
    }
    const reading = readingTime(fn.timeout, host.now)
    const arrival = await fromRequest(request, path, { trustProxy, reading })
    const given = await tracked(serving(fn).then((call) => serve(call, arrival)))
    if ('reply' in given) answerRequest(response, given.reply)
  }

  const handler: RequestListener = (request, response, next) =>
    answer(request, response, next).catch((error: unknown) => {
      // Nobody listens where a server calls the handler: what rejects would end the process.
      host.log(`a call that cannot be answered: ${String(error)}`)
      answerRequest(response, failed(error))
    })

  const calls = [...servedFunctions.values()].filter(({ isCallback }) => !isCallback)
  const methods = calls.map((fn) => [
    fn.name,
    (input: object = {}) => tracked(called(fn, { source: 'server', input: { ...input } })),
  ])
  if (options.timers) {
    for (const fn of servedFunctions.values()) {
      if (!fn.schedule) continue
      const fire = () => tracked(called(fn, { source: 'timer', input: {} })).catch(() => undefined)
      for (const each of runsOf(fn.name, fn.schedule)) {
        const untaken = (error: unknown) => host.log(`timer ${each.name}: ${String(error)}`)
        const dependencies = { clock, store: host.store, closing: closing.signal, failed: untaken }
        void tracked(runTimer({ ...each, run: fire }, dependencies))
      }
    }
  }
  return {
    ...(Object.fromEntries(methods) as unknown as ServerCalls),
    handler,
    async close() {
      closing.abort()
      while (pending.size > 0) await Promise.all(pending)
      await host.close()
    },
  }
}

/** A listed page reads this too: without it the page's browser would say nothing but that fetching failed. */
function notFound({ method, headers: { origin } }: ServerRequest, { settings }: ServerHost): HttpReply {
  const headers = corsHeaders(origin, settings)
  if (method === 'OPTIONS' && 'vary' in headers) return { status: 204, headers, body: '' }
  const error = openapiError(FUNCTION_NOT_FOUND)
  return jsonReply(error.status, refusal(error, { requestId: '', source: 'http' }), headers)
}

function failed(cause: unknown): HttpReply {
  const error = asOpenapiError(cause)
  return jsonReply(error.status, refusal(error, { requestId: '', source: 'http' }))
}
