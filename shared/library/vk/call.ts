import { invalidParam, type OpenapiError } from '../../errors/index.js'
import type { Http, HttpAnswer } from '../../http/http.js'
import { snakeCase } from '../../operation/fields.js'
import { type Context, type Operation, validate } from '../../operation/index.js'
import { contextOf, instanceOf } from '../instance.js'
import { asParameters, callerToken } from '../methods.js'
import { toInputNames } from './names.js'
import { type PerCallApp, type VkOptions, vkNames, vkSources, withVkNames } from './options.js'
import type { VkFailure } from './types.js'

/** The outcome of one call, before it takes vk's shape. */
export interface CallResult {
  result: unknown
  /** The provider's last answer; none where nothing had to be asked. */
  answer?: HttpAnswer
}

/** A call's own parameters and the context it runs in. */
export interface PreparedCall {
  input: Record<string, unknown>
  contextFor(operation: Pick<Operation, 'settings'>): Context
}

/** Splits what a method was given into the application, the token, and the operation's own parameters. */
export function prepare(options: VkOptions, given: unknown): PreparedCall {
  const { appid, appsecret, privateKey, access_token, ...input } = asParameters(given)
  const app = texts({ appid, appsecret, privateKey })
  const instance = instanceOf(vkSources(options, app), vkNames, options)
  const more = { ...(app.appid === undefined ? {} : { appId: app.appid }), ...callerToken(access_token) }
  return { input, contextFor: ({ settings }) => contextOf(instance, settings, more) }
}

function texts(given: Record<keyof PerCallApp, unknown>): PerCallApp {
  const entries = Object.entries(given).map(([name, value]) => {
    if (value === undefined || value === '' || value === null) return [name, undefined]
    if (typeof value === 'string') return [name, value]
    throw invalidParam(name, 'expected a text')
  })
  return Object.fromEntries(entries) as PerCallApp
}

/** Runs an operation, and keeps the provider's own answer beside the result. */
export async function run(operation: Operation, { input, contextFor }: PreparedCall): Promise<CallResult> {
  const context = contextFor(operation)
  const { http, last } = recording(context.http)
  const checked = validate(operation.input, toInputNames(operation.input, input))
  const result = await operation.run(checked, { ...context, http })
  const answer = last()
  return { result, ...(answer && { answer }) }
}

function recording(http: Http): { http: Http; last(): HttpAnswer | undefined } {
  let last: HttpAnswer | undefined
  return {
    http: {
      async request(request) {
        last = await http.request(request)
        return last
      },
    },
    last: () => last,
  }
}

/** A method of vk's never rejects: a failure is an answer whose `code` is not 0. */
export async function answeringFailures<Result>(work: () => Promise<Result>): Promise<Result | VkFailure> {
  try {
    return await work()
  } catch (error) {
    return asFailure(withVkNames(error))
  }
}

function asFailure(error: OpenapiError): VkFailure {
  const { errCode, advice, outcome, rid } = error
  return {
    code: typeof errCode === 'number' ? errCode : -1,
    msg: errCode === 'INVALID_PARAM' ? snakeCaseNames(error.errMsg) : error.errMsg,
    errCode,
    advice,
    ...(outcome === 'unknown' ? { outcome } : {}),
    ...(rid === undefined ? {} : { rid }),
  }
}

/** The names in such an error, the field at fault and those that are known, as vk's callers write them. */
const snakeCaseNames = (errMsg: string): string =>
  errMsg.replace(/^[\w.]+(?=: )|(?<=; known here: ).*/g, (names) => snakeCase(names))

/** Bytes, where an answer is a file. */
export const bytesIn = (result: unknown): Buffer | undefined =>
  typeof result === 'object' && result !== null && 'buffer' in result && Buffer.isBuffer(result.buffer)
    ? result.buffer
    : undefined
