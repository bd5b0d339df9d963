import * as v from 'valibot'
import { object } from '../operation/fields.js'
import { type Bilingual, type Context, type Operation, validate } from '../operation/index.js'
import type { ObjectSchema } from '../operation/rules.js'
import { platformField, platformOf } from './platform.js'

/**
 * One operation for both platforms: a call is passed on to that of the platform it means, which checks its input and
 * answers as it always does. `title` and `doc` speak for both.
 */
export function onEither<A extends ObjectSchema, B extends ObjectSchema, X, Y>(
  weixin: Operation<A, X>,
  alipay: Operation<B, Y>,
  { title, doc = weixin.doc }: { title: Bilingual; doc?: string },
) {
  const { name, reach, repeat } = weixin
  const operations = { weixin, alipay }
  return {
    name,
    doc,
    title,
    reach,
    repeat,
    input: either(weixin.input, alipay.input),
    settings: [...new Set([...weixin.settings, ...alipay.settings])],
    errors: { ...weixin.errors, ...alipay.errors },
    async run({ platform, ...given }: Given, context: Context): Promise<X | Y> {
      const { platform: named } = validate(object({ platform: platformField }), { platform })
      const operation: Operation = operations[platformOf(named, context)]
      return operation.run(validate(operation.input, given), context) as Promise<X | Y>
    },
  } satisfies Operation<v.GenericSchema<unknown, Given>, X | Y>
}

type Given = Record<string, unknown>

/**
 * Both shapes, for the docs; everything passes. Which of the two an input has to have is not known before the platform
 * is, and that may follow from who calls.
 */
function either(weixin: ObjectSchema, alipay: ObjectSchema) {
  const options = [weixin, alipay].map(({ entries }) => object({ ...entries, platform: platformField }))
  const entries: ObjectSchema['entries'] = Object.assign({}, ...options.map((option) => option.entries))
  const passed: ObjectSchema['~run'] = (dataset) => ({ ...dataset, typed: true }) as never
  return { ...v.union(options), entries, '~run': passed } as unknown as v.GenericSchema<Given> & {
    entries: ObjectSchema['entries']
  }
}
