import type * as v from 'valibot'
import type { SettingName } from '../config/index.js'
import type { Bilingual, Context, ErrorMeanings, Operation, Reach } from '../operation/index.js'
import type { AnswerKind } from './answer.js'
import { type WeixinApp, type WeixinAppKind, weixinApp, weixinAppSettings } from './app.js'
import { callWeixin, type WeixinCall } from './client.js'
import { toWire } from './wire.js'

type Entries = Record<string, v.GenericSchema>
export type ObjectSchema = v.GenericSchema<Record<string, unknown>> & { entries: Entries }

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
  /** Constants of the wire. */
  fixed?: Readonly<Record<string, string>>
  /** The wire name under which this API wants the appid itself. */
  appIdAs?: string
  credential?: 'token' | 'secret'
  /** Which kind of application it belongs to; a mini program unless said otherwise. */
  app?: WeixinAppKind
  output: AnswerKind<Output>
  results?: readonly number[]
  errors?: ErrorMeanings
  repeat: 'safe' | 'never'
  reach: Reach
  session?: Operation['session']
  keepDays?: number
  perMinute?: number
  settings?: readonly SettingName[]
}

export type WeixinOperation<Input extends ObjectSchema, Output> = Operation<Input, Output> & {
  /** The declaration, for the docs and the twin. */
  readonly spec: WeixinApiSpec<Input, Output>
}

/** Declares one WeChat API. */
export function weixinApi<Input extends ObjectSchema, Output>(
  name: string,
  spec: WeixinApiSpec<Input, Output>,
): WeixinOperation<Input, Output> {
  const { doc, title, input, reach, repeat, session, errors, keepDays, perMinute } = spec
  return {
    name,
    doc,
    title,
    input,
    reach,
    repeat,
    settings: [...weixinAppSettings, ...(spec.settings ?? [])],
    ...(session && { session }),
    ...(errors && { errors }),
    ...(keepDays && { keepDays }),
    ...(perMinute && { perMinute }),
    spec,
    run: (given: object, context: Context) => {
      const app = weixinApp(context.settings, spec.app ?? 'mp', context.appId)
      return callWeixin(wireCall(name, spec, given, app), app, context) as Promise<Output>
    },
  }
}

/** What the wire needs of a declaration, its types forgotten. */
type WireSpec = Omit<WeixinApiSpec<ObjectSchema, unknown>, 'input' | 'query'> & {
  input: v.GenericSchema
  query?: readonly string[]
}

function wireCall(name: string, spec: WireSpec, given: object, app: WeixinApp): WeixinCall {
  const inQuery = (key: string) => spec.get !== undefined || (spec.query ?? []).includes(key)
  const constants = { ...(spec.appIdAs ? { [spec.appIdAs]: app.appId } : {}), ...spec.fixed }
  const query = toWire(spec.input, only(given, inQuery)) as object
  const common = {
    api: name,
    credential: spec.credential ?? ('token' as const),
    answer: spec.output,
    repeat: spec.repeat,
    ...(spec.results && { results: spec.results }),
    ...(spec.errors && { errors: spec.errors }),
  }
  if (spec.get !== undefined) {
    return { ...common, method: 'GET', path: spec.get, query: asText({ ...constants, ...query }) }
  }
  if (spec.post === undefined) throw new Error(`${name} declares neither get nor post`)
  const body = {
    ...constants,
    ...(toWire(
      spec.input,
      only(given, (key) => !inQuery(key)),
    ) as object),
  }
  return {
    ...common,
    method: 'POST',
    path: spec.post,
    query: asText(query),
    body: { contentType: 'application/json', bytes: JSON.stringify(body) },
  }
}

const only = (given: object, wanted: (key: string) => boolean): object =>
  Object.fromEntries(Object.entries(given).filter(([key]) => wanted(key)))

const asText = (fields: object): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]))
