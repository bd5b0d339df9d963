import * as v from 'valibot'

/** Short forms for describing answers, which are mostly rows of numbers and texts. */

type Each<Keys extends string, Schema> = { readonly [Key in Keys]: Schema }

const each = <const Keys extends readonly string[], Schema>(keys: Keys, schema: Schema) =>
  Object.fromEntries(keys.map((key) => [key, schema])) as Each<Keys[number], Schema>

export const numbers = <const Keys extends readonly string[]>(...keys: Keys) => each(keys, v.number())

export const texts = <const Keys extends readonly string[]>(...keys: Keys) => each(keys, v.string())

/** Fields that WeChat leaves out in some answers. */
export const maybeNumbers = <const Keys extends readonly string[]>(...keys: Keys) =>
  each(keys, v.optional(v.number()))

export const maybeTexts = <const Keys extends readonly string[]>(...keys: Keys) =>
  each(keys, v.optional(v.string()))

/** An answer without fields: the code 0 is all of it. */
export const nothing = v.object({})
