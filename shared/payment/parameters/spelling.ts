import * as v from 'valibot'
import { snakeCase, type TextRule, text } from '../../operation/fields.js'

/** The names inside of objects: callers write camelCase, or the names of the wire, which uni-pay let pass as well. */

type Rename = (key: string) => string

/** The same value with other keys, however deep they lie. */
export function renamed(value: unknown, rename: Rename): unknown {
  if (Array.isArray(value)) return value.map((each) => renamed(each, rename))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [rename(key), renamed(each, rename)]))
}

export const camelCase: Rename = (key) =>
  key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** What V3 calls otherwise than V2; ours, like uni-pay's, are V2's names. */
const V2_OF_V3: Readonly<Record<string, string>> = {
  invoice_id: 'receipt_id',
  merchant_goods_id: 'goods_id',
  wechatpay_goods_id: 'wxpay_goods_id',
  unit_price: 'price',
}

const V3_OF_V2 = Object.fromEntries(Object.entries(V2_OF_V3).map(([v3, v2]) => [v2, v3]))

const translated = (name: string, table: Readonly<Record<string, string>>): string =>
  Object.hasOwn(table, name) ? (table[name] ?? name) : name

/** Our name of what WeChat Pay calls so, whichever version's and however spelt. */
const weixinName: Rename = (key) => camelCase(translated(snakeCase(key), V2_OF_V3))

export const wireNames = (value: unknown): unknown => renamed(value, snakeCase)

export const v3Names = (value: unknown): unknown =>
  renamed(value, (key) => translated(snakeCase(key), V3_OF_V2))

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The object that a text of JSON holds; undefined where it holds none. */
function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** What was checked by {@link objectOrText}, in the names that `named` gives. */
export const jsonObject = (value: string | object, named: (value: unknown) => unknown): object =>
  (named(typeof value === 'string' ? objectIn(value) : value) ?? {}) as object

/** Takes every spelling of what the schema describes in camelCase. */
export function anySpelling<const Schema extends v.GenericSchema>(
  schema: Schema,
  platform?: 'weixin',
): Schema {
  const name = platform === 'weixin' ? weixinName : camelCase
  const run: v.GenericSchema['~run'] = (dataset, config) =>
    schema['~run']({ ...dataset, value: renamed(dataset.value, name) }, config)
  return { ...schema, '~run': run }
}

/**
 * An object, or the JSON text of one, which is kept as it is; `plain`: or another text. An error speaks of what was
 * given.
 */
export function objectOrText<const Schema extends v.GenericSchema>(
  schema: Schema,
  rule: TextRule,
  plain?: 'plain',
) {
  const { like } = rule
  const isPlain = (value: string) => plain !== undefined && !/^\s*[{[]/.test(value)
  const written = v.pipe(
    text(rule),
    v.check((value) => isPlain(value) || objectIn(value) !== undefined, `expected ${like}`),
  )
  const either = v.pipe(v.union([written, schema], `expected ${like}`), v.metadata({ like }))
  const run: v.GenericSchema['~run'] = (dataset, config) =>
    (typeof dataset.value === 'string' ? written : schema)['~run'](dataset, config)
  return { ...either, '~run': run } as unknown as typeof either
}
