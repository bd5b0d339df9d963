import * as v from 'valibot'
import { object } from '../operation/fields.js'
import { type Bilingual, type Context, type Operation, validate } from '../operation/index.js'
import type { ObjectSchema } from '../operation/rules.js'
import { namedPlatform, type Platform, platformField, platformOf } from './platform.js'

/**
 * One operation for both platforms, whose title and page are WeChat's unless others are given: a call is passed on to that of the platform it means, which checks its input and
 * answers as it always does. `title` and `doc` speak for both. What a door goes by (who may call, as whom, how often)
 * has to be the same on both sides, since a door asks before the platform is known: throws where it is not.
 */
export function onEither<A extends v.GenericSchema, B extends v.GenericSchema, X, Y>(
  weixin: Operation<A, X>,
  alipay: Operation<B, Y>,
  { title = weixin.title, doc = weixin.doc }: { title?: Bilingual; doc?: string } = {},
) {
  const operations = { weixin, alipay }
  const both: readonly Operation[] = [weixin, alipay]
  // An operation whose input has no fields refuses every call.
  const variants = both.filter(({ input }) => 'entries' in input)
  return {
    ...sharedRules(weixin, alipay),
    title,
    doc,
    repeat: both.every(({ repeat }) => repeat === 'safe') ? 'safe' : 'never',
    input: either<Asked<A, X> | Asked<B, Y>>(variants),
    settings: [...new Set(both.flatMap(({ settings }) => settings))],
    errors: { ...weixin.errors, ...alipay.errors },
    /** For the docs: each with a declaration of its own. */
    variants,
    async run({ platform, ...given }: Given, context: Context): Promise<X | Y> {
      const operation: Operation = operations[platformOf(namedPlatform(platform), context)]
      return operation.run(validate(operation.input, given), context) as Promise<X | Y>
    },
  } satisfies Operation<v.GenericSchema<Asked<A, X> | Asked<B, Y>, Given>, X | Y> & { variants: unknown }
}

type Given = Record<string, unknown>

/** What callers write. A side that refuses every call does not count. */
type Asked<Input extends v.GenericSchema, Output> = [Output] extends [never]
  ? never
  : v.InferInput<Input> & { platform?: Platform | undefined }

/** Who may call, as whom and how often: everything but an operation's own texts and declarations. */
function rulesOf(operation: Operation & { spec?: unknown; variants?: unknown }) {
  const { title, doc, repeat, input, settings, errors, spec, variants, run, ...rules } = operation
  return rules
}

/** The rules of both. Rules that are added to operations later are compared as well. */
function sharedRules(weixin: Operation, alipay: Operation): ReturnType<typeof rulesOf> {
  const rules = rulesOf(weixin)
  const own: Given = { ...rules }
  const others: Given = { ...rulesOf(alipay) }
  const differing = Object.keys({ ...own, ...others }).find((rule) => own[rule] !== others[rule])
  if (differing) throw new Error(`${weixin.name}: the operations of the two platforms differ in ${differing}`)
  return rules
}

/**
 * The shapes of both, for the docs; everything passes. Which of them an input has to have is not known before the
 * platform is, and that may follow from who calls.
 */
function either<Input>(operations: readonly Operation[]) {
  const shapes = operations.flatMap(({ input }) => shapesOf(input))
  const options = shapes.map(({ entries }) => object({ ...entries, platform: platformField }))
  const entries: ObjectSchema['entries'] = Object.assign({}, ...options.map((option) => option.entries))
  const passed: ObjectSchema['~run'] = (dataset) => ({ ...dataset, typed: true }) as never
  return { ...v.union(options), entries, '~run': passed } as unknown as v.GenericSchema<Input, Given> & {
    entries: ObjectSchema['entries']
  }
}

const shapesOf = (input: v.GenericSchema): ObjectSchema[] =>
  'options' in input ? (input.options as v.GenericSchema[]).flatMap(shapesOf) : [input as ObjectSchema]
