import * as v from 'valibot'

/** What several fields of one input owe each other. */

export type ObjectSchema = v.GenericSchema<Record<string, unknown>> & {
  entries: Record<string, v.GenericSchema>
}

/** The field at fault and what was expected of it, or nothing. */
export type Rule<Value> = (value: Value) => readonly [field: string, expected: string] | undefined

/** The schema with rules over its fields as a whole; they are asked once every field is right by itself. */
export function ruled<const Schema extends ObjectSchema>(
  schema: Schema,
  ...rules: readonly Rule<v.InferOutput<Schema>>[]
): Schema {
  const check = v.rawCheck<v.InferOutput<Schema>>(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    for (const rule of rules) {
      const [field, message] = rule(dataset.value) ?? []
      if (field === undefined || message === undefined) continue
      addIssue({ message, path: [pathTo(dataset.value, field)] })
      return
    }
  })
  // The pipe only checks, so both its types are the schema's own.
  return v.pipe(schema, check) as unknown as Schema
}

const pathTo = (input: Record<string, unknown>, key: string) => ({
  type: 'object' as const,
  origin: 'value' as const,
  input,
  key,
  value: input[key],
})

/** `field` has to be given when `needed` says so; `why` completes "required ...". */
export const requiredWhen =
  <Value extends object>(
    field: keyof Value & string,
    needed: (value: Value) => boolean,
    why: string,
  ): Rule<Value> =>
  (value) =>
    value[field] === undefined && needed(value) ? [field, `required ${why}`] : undefined

/** Exactly one of several groups of fields, whole: `[['transactionId'], ['mchId', 'outTradeNo']]`. */
export const oneGroupOf =
  <Value extends object>(...groups: readonly (readonly (keyof Value & string)[])[]): Rule<Value> =>
  (value) => {
    const given = (field: keyof Value) => value[field] !== undefined
    const touched = groups.filter((group) => group.some(given))
    if (touched.length === 1 && touched[0]?.every(given)) return undefined
    const missing = touched.length === 1 ? touched[0]?.find((field) => !given(field)) : undefined
    const extra = touched[1]?.find(given)
    const field = missing ?? extra ?? groups[0]?.[0] ?? ''
    return [field, `expected either ${groups.map((group) => group.join(' and ')).join(', or ')}`]
  }

/** At least one of several groups of fields, each whole: the platform takes several together, and compares them. */
export const someGroupOf =
  <Value extends object>(...groups: readonly (readonly (keyof Value & string)[])[]): Rule<Value> =>
  (value) => {
    const given = (field: keyof Value) => value[field] !== undefined
    const touched = groups.filter((group) => group.some(given))
    const broken = touched.find((group) => !group.every(given))
    if (touched.length > 0 && !broken) return undefined
    const field = broken?.find((each) => given(each) === touched.length > 1) ?? groups[0]?.[0] ?? ''
    return [field, `expected ${groups.map((group) => group.join(' and ')).join(', or ')}`]
  }

/**
 * One of several shapes. `pick` tells which one an input means to be, so that an error speaks of that shape alone.
 * `entries` are all fields there are.
 */
export function oneOf<const Options extends readonly ObjectSchema[]>(
  options: Options,
  pick: (given: Record<string, unknown>) => Options[number],
): v.GenericSchema<v.InferInput<Options[number]>, v.InferOutput<Options[number]>> & {
  entries: ObjectSchema['entries']
} {
  const entries: ObjectSchema['entries'] = Object.assign({}, ...options.map((option) => option.entries))
  const run: ObjectSchema['~run'] = (dataset, config) => {
    const given = typeof dataset.value === 'object' ? { ...dataset.value } : {}
    return pick(given as Record<string, unknown>)['~run'](dataset, config)
  }
  return { ...v.union(options), entries, '~run': run } as never
}
