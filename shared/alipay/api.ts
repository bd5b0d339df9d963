import type * as v from 'valibot'
import { type AlipayApp, alipayApp } from '../config/alipayApp.js'
import { alipayAppSettings } from '../config/providerSettings.js'
import { toWire } from '../operation/fields.js'
import type { Bilingual, Context, ErrorMeanings, Operation, Reach } from '../operation/index.js'
import type { ObjectSchema } from '../operation/rules.js'
import { asDeclared, fromWire } from '../weixin/json.js'
import { type AlipayCall, type AlipayClient, callAlipay } from './client.js'

/** Everything there is to know of one Alipay API. Wire names follow from the input's camelCase names. */
export interface AlipayApiSpec<Input extends ObjectSchema, Fields extends v.GenericSchema, Output> {
  doc: string
  title: Bilingual
  /** Alipay's own name for it. */
  method: string
  input: Input
  /** Where names alone do not make an input into `biz_content`. */
  content?(input: v.InferOutput<Input>): object
  /** The input travels beside `biz_content`, as some old methods want it, together with these constants. */
  beside?: Readonly<Record<string, string>>
  /** Describes the fields for types and docs. Answers are not refused for what Alipay adds or leaves out. */
  output: Fields
  /** Makes the answer into what callers get, or refuses one that cannot be meant. */
  conclude(answer: v.InferOutput<Fields>, input: v.InferOutput<Input>): Output
  codeless?: AlipayCall['codeless']
  unverified?: AlipayCall['unverified']
  errors?: ErrorMeanings
  repeat: 'safe' | 'never'
  reach: Reach
  session?: Operation['session']
  perMinute?: number
}

export type AlipayOperation<Input extends ObjectSchema, Fields extends v.GenericSchema, Output> = Operation<
  Input,
  Output
> & {
  /** The declaration, for the docs and the local platforms. */
  readonly spec: AlipayApiSpec<Input, Fields, Output>
}

/** The application of a call: the one it names, else that of the caller's login, else the first mini program. */
export const appOf = ({ settings, appId, session }: Context): AlipayApp =>
  alipayApp(settings, 'mp', appId ?? session?.appId)

/** That application, and the call itself to call with. */
export const clientOf = (context: Context): AlipayClient => ({ app: appOf(context), dependencies: context })

/** Declares one Alipay API. */
export function alipayApi<Input extends ObjectSchema, Fields extends v.GenericSchema, Output>(
  name: string,
  spec: AlipayApiSpec<Input, Fields, Output>,
): AlipayOperation<Input, Fields, Output> {
  const { doc, title, input, reach, repeat, session, errors, perMinute } = spec
  return {
    name,
    doc,
    title,
    input,
    reach,
    repeat,
    settings: alipayAppSettings,
    ...(session && { session }),
    ...(errors && { errors }),
    ...(perMinute && { perMinute }),
    spec,
    async run(given: v.InferOutput<Input>, context: Context): Promise<Output> {
      const { fields } = await callAlipay(clientOf(context), callOf(spec, given))
      const { code: _code, msg: _msg, ...rest } = fields
      return spec.conclude(asDeclared(spec.output, fromWire(rest)), given)
    },
  }
}

function callOf<Input extends ObjectSchema, Fields extends v.GenericSchema, Output>(
  spec: AlipayApiSpec<Input, Fields, Output>,
  given: v.InferOutput<Input>,
): AlipayCall {
  const { method, repeat, codeless, unverified, errors, beside, content } = spec
  const sent = content?.(given) ?? (toWire(spec.input, given) as object)
  const common = { method, repeat, codeless, unverified, errors }
  if (!beside) return { ...common, bizContent: sent }
  const params = Object.fromEntries(Object.entries(sent).map(([key, value]) => [key, String(value)]))
  return { ...common, params: { ...params, ...beside } }
}
