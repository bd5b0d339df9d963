import type * as v from 'valibot'
import { nonce, type Random } from '../clock.js'
import type { SettingName } from '../config/index.js'
import { OpenapiError } from '../errors/index.js'
import { toWire, type UploadedFile } from '../operation/fields.js'
import type { Bilingual, Context, ErrorMeanings, Operation, Reach } from '../operation/index.js'
import type { ObjectSchema } from '../operation/rules.js'
import type { AnswerKind } from './answer.js'
import { type WeixinApp, type WeixinAppKind, weixinApp, weixinAppSettings } from './app.js'
import { DEAD_TOKEN } from './failure.js'
import { multipart } from './multipart.js'
import { send, type WeixinCall } from './send.js'
import { weixinToken } from './token/keeper.js'

/** Everything there is to know of one WeChat API. Wire names follow from the input's camelCase names. */
export interface WeixinApiSpec<Input extends ObjectSchema, Output> {
  doc: string
  title: Bilingual
  /** The path, under the method's name. */
  get?: string
  post?: string
  input: Input
  /** Input fields of a POST that travel in the query. */
  query?: readonly (keyof Input['entries'] & string)[]
  /** Fields with fixed values, under their wire names. */
  fixed?: Readonly<Record<string, string>>
  /** The body is a form with files in it. */
  multipart?: true
  /** The wire name under which this API wants the appid itself. */
  appIdAs?: string
  credential?: 'token' | 'secret'
  /** Which kind of application it belongs to; a mini program unless said otherwise. */
  app?: WeixinAppKind
  /** Checks that need the clock or the caller's session; throws INVALID_PARAM. */
  check?(input: v.InferOutput<Input>, context: Context): void
  output: AnswerKind<Output>
  /** Non-zero codes that are answers, not failures; `errCode` then carries them. */
  results?: readonly number[]
  /** Completes the answer for callers; throws where WeChat cannot mean what it answered. */
  conclude?(answer: NoInfer<Output>, app: WeixinApp): NoInfer<Output>
  errors?: ErrorMeanings
  repeat: 'safe' | 'never'
  reach: Reach
  session?: Operation['session']
  ownOpenid?: Operation['ownOpenid']
  keepDays?: number
  perMinute?: number
  settings?: readonly SettingName[]
}

export type WeixinOperation<Input extends ObjectSchema, Output> = Operation<Input, Output> & {
  /** The declaration, for the docs and the local platforms. */
  readonly spec: WeixinApiSpec<Input, Output>
}

/** Declares one WeChat API. */
export function weixinApi<Input extends ObjectSchema, Output>(
  name: string,
  spec: WeixinApiSpec<Input, Output>,
): WeixinOperation<Input, Output> {
  const { doc, title, input, reach, repeat, session, ownOpenid, errors, keepDays, perMinute } = spec
  return {
    name,
    doc,
    title,
    input,
    reach,
    repeat,
    settings: [...weixinAppSettings, ...(spec.settings ?? [])],
    ...(session && { session }),
    ...(ownOpenid && { ownOpenid }),
    ...(errors && { errors }),
    ...(keepDays && { keepDays }),
    ...(perMinute && { perMinute }),
    spec,
    async run(given: v.InferOutput<Input>, context: Context): Promise<Output> {
      spec.check?.(given, context)
      const app = weixinApp(context.settings, spec.app ?? 'mp', context.appId ?? context.session?.appId)
      const answer = (await callWeixin(
        wireCall(name, spec, given, app, context.random),
        app,
        context,
      )) as Output
      return spec.conclude ? spec.conclude(answer, app) : answer
    },
  }
}

/** The part of a declaration that a request is made from, without its type parameters. */
type WireSpec = Omit<WeixinApiSpec<ObjectSchema, unknown>, 'input' | 'query' | 'check' | 'conclude'> & {
  input: v.GenericSchema
  query?: readonly string[]
}

function wireCall(
  name: string,
  spec: WireSpec,
  given: Record<string, unknown>,
  app: WeixinApp,
  random: Random,
): WeixinCall {
  const inQuery = (key: string) => spec.get !== undefined || (spec.query ?? []).includes(key)
  const sent = (wanted: (key: string) => boolean) => toWire(spec.input, only(given, wanted)) as object
  const constants = { ...(spec.appIdAs ? { [spec.appIdAs]: app.appId } : {}), ...spec.fixed }
  const common = {
    api: name,
    credential: spec.credential ?? ('token' as const),
    answer: spec.output,
    repeat: spec.repeat,
    ...(spec.results && { results: spec.results }),
    ...(spec.errors && { errors: spec.errors }),
  }
  if (spec.get !== undefined) {
    return { ...common, method: 'GET', path: spec.get, query: asText({ ...constants, ...sent(inQuery) }) }
  }
  if (spec.post === undefined) throw new Error(`${name} declares neither get nor post`)
  const body = { ...constants, ...sent((key) => !inQuery(key)) }
  return {
    ...common,
    method: 'POST',
    path: spec.post,
    query: asText(sent(inQuery)),
    body:
      // An empty POST body is refused with 44002, a form without parts by some gateways: `{}` stands for both.
      spec.multipart && Object.keys(body).length > 0
        ? multipart(body as Record<string, UploadedFile | string>, nonce(random))
        : { contentType: 'application/json', bytes: JSON.stringify(body) },
  }
}

const only = (given: object, wanted: (key: string) => boolean): object =>
  Object.fromEntries(Object.entries(given).filter(([key]) => wanted(key)))

const asText = (fields: object): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]))

/** Calls WeChat with the credential the call asks for; a token that WeChat refuses is replaced, once. */
export async function callWeixin(call: WeixinCall, app: WeixinApp, context: Context): Promise<unknown> {
  if (call.credential !== 'token') return send(call, app, undefined, context)
  if (context.accessToken !== undefined) return send(call, app, context.accessToken, context)
  const tokens = weixinToken(app, context)
  const token = await tokens.get()
  try {
    return await send(call, app, token, context)
  } catch (error) {
    if (!isDeadToken(error)) throw error
    return send(call, app, await tokens.reportDead(token), context)
  }
}

const isDeadToken = (error: unknown): boolean =>
  error instanceof OpenapiError && typeof error.errCode === 'number' && DEAD_TOKEN.has(error.errCode)
