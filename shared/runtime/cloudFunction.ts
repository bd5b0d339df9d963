import { functionName, type Operation } from '../operation/index.js'
import { composedResponse } from './answer.js'
import { clientDoor } from './client/door.js'
import { type FunctionConfig, groupOf } from './config.js'
import { callbackDoor, type Door, serverDoor } from './door.js'
import { readingTime, settingsOf } from './invocation.js'
import { type ServedCall, type Serving, serve } from './serve.js'
import { fromUniCloud } from './unicloud/arrival.js'

export interface CloudFunctionOptions {
  /** Seconds; 20 unless said otherwise. */
  timeout?: number
  /** Megabytes; 256 unless said otherwise. */
  memory?: number
}

interface Schedule {
  every?: string
  /** `10:30`: when, of what runs once a day. */
  at?: string
}

type FcCallback = (error: unknown, result?: unknown) => void

export interface CloudFunction {
  /** uniCloud's entry. */
  main(event: unknown, context: unknown): Promise<unknown>
  /** Function Compute's entry: events and FC 3.0 HTTP `(event, context, callback)`, FC 2.0 HTTP `(req, resp, context)`. */
  handler(first: unknown, second: unknown, third?: unknown): unknown
  config: FunctionConfig
}

/** A function for clients and servers, as far as its operation's reach allows. */
export const cloudFunction = (operation: Operation, options: CloudFunctionOptions = {}): CloudFunction =>
  functionBehind(clientDoor, operation, options)

/** A function for the merchant's own servers. */
export const serverFunction = (operation: Operation, options: CloudFunctionOptions = {}): CloudFunction =>
  functionBehind(serverDoor(false), operation, options)

/** A function that starts by itself, `every: '5m'` or `'12h'`, or `'1d'` with a time in Beijing; servers may start it too. */
export const timerFunction = (
  operation: Operation,
  options: CloudFunctionOptions & Schedule & { every: string },
): CloudFunction => functionBehind(serverDoor(true), operation, options)

/** A function that a provider calls by URL. */
export const callbackFunction = (operation: Operation, options: CloudFunctionOptions = {}): CloudFunction =>
  functionBehind(callbackDoor, operation, options)

/** The same operation behind every way in of both clouds. */
function functionBehind(
  door: Door,
  operation: Operation,
  options: CloudFunctionOptions & Schedule,
): CloudFunction {
  const config = describe(door, operation, options)
  const serving = { operation, door, timeout: config.timeout }
  return {
    config,
    main: async (event, context) => flat(await serve(serving, fromUniCloud(event, context))),
    handler(first, second, third) {
      const result = throughFunctionCompute(serving, first, second, third)
      if (typeof third !== 'function') return result
      // Node 16 and older wait for the callback; a promise beside it would answer twice.
      result.then((value) => (third as FcCallback)(null, value))
      return undefined
    },
  }
}

/** What reads Function Compute's calls loads there alone. */
async function throughFunctionCompute(
  serving: Serving,
  first: unknown,
  second: unknown,
  third: unknown,
): Promise<unknown> {
  const fc = await import('./functionCompute/arrival.js')
  if (!fc.isFcResponse(second)) return flat(await serve(serving, fc.fromFcEvent(first, second)))
  const outcome = await serve(serving, await fc.fromFcRequest(first, third, readingTime(serving.timeout)))
  if ('reply' in outcome) fc.sendFcResponse(second, outcome.reply)
  return undefined
}

const flat = (outcome: ServedCall): unknown =>
  'reply' in outcome ? composedResponse(outcome.reply) : outcome.answer

function describe(
  door: Door,
  operation: Operation,
  { every, at, timeout = 20, memory = 256 }: CloudFunctionOptions & Schedule,
): FunctionConfig {
  const name = functionName(operation.name)
  return {
    name,
    operation: operation.name,
    title: operation.title,
    doc: operation.doc,
    group: groupOf(operation),
    reach: operation.reach,
    ...(every === undefined ? {} : { every }),
    ...(at === undefined ? {} : { at }),
    path: `/${name}`,
    memory,
    timeout,
    settings: settingsOf(operation, door),
  }
}
