import type { GenericSchema } from 'valibot'
import { invalidParam } from '../errors/index.js'
import { type Context, type InputOf, type Operation, type OutputOf, validate } from '../operation/index.js'
import { callWithOptionNames, contextOf, type Instance } from './instance.js'

/** An answer in the shape of `wx-server-sdk`. */
export type LibraryAnswer<Result> = { errCode: number; errMsg: string } & Result

/** What a method takes: nothing has to be given where every field is optional. */
export type Given<Input> = object extends Input ? [input?: Input] : [input: Input]

/**
 * An operation as a method; `More` is what it takes beside its own parameters. Rejects with an `OpenapiError`, whose
 * `errCode` and `errMsg` the documents describe.
 */
type Method<Op, More = unknown> = (
  ...given: Given<InputOf<Op> & More>
) => Promise<LibraryAnswer<OutputOf<Op>>>

/** A registry of operations as methods, under the same names. */
export type Methods<Registry, More = unknown> = {
  readonly [Name in keyof Registry]: Registry[Name] extends { input: GenericSchema }
    ? Method<Registry[Name], More>
    : Methods<Registry[Name], More>
}

const isOperation = (value: object): value is Operation => 'run' in value && 'input' in value

/** Puts a method in place of every operation of a registry, however deep it lies. */
export function methodsOf(
  registry: object,
  call: (operation: Operation, given: unknown) => Promise<unknown>,
): Record<string, unknown> {
  const methods = Object.entries(registry).map(([name, entry]: [string, object]) => [
    name,
    isOperation(entry) ? (given?: unknown) => call(entry, given) : methodsOf(entry, call),
  ])
  return Object.fromEntries(methods) as Record<string, unknown>
}

/** Runs one operation for its caller; `more` is what this call's context has beside the usual. */
export function callOperation(
  instance: Instance,
  operation: Operation,
  given: unknown = {},
  more: Partial<Context> = {},
): Promise<LibraryAnswer<object>> {
  return callWithOptionNames(instance, async () => {
    const input = validate(operation.input, given)
    const result = await operation.run(input, contextOf(instance, operation.settings, more))
    return { errCode: 0, errMsg: `openapi.${operation.name}:ok`, ...(result as object) }
  })
}

/** The named parameters of a call; none where nothing is given. INVALID_PARAM for anything but an object. */
export function asParameters(given: unknown): Record<string, unknown> {
  if (given === undefined || given === null) return {}
  if (typeof given === 'object' && !Array.isArray(given)) return { ...given }
  throw invalidParam('input', 'expected an object of named parameters')
}

/** What every method of WeChat's takes beside its own parameters. */
export interface PerCall {
  /** Wins over the instance's own and over tokens fetched here. */
  accessToken?: string
}

/** A token that the caller brings along. An empty one counts as none, as the documents' samples have it. */
export function callerToken(accessToken: unknown): Pick<Context, 'accessToken'> {
  if (accessToken === undefined || accessToken === '') return {}
  if (typeof accessToken === 'string') return { accessToken }
  throw invalidParam('accessToken', 'expected the text that getAccessToken answered')
}
