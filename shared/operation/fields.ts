import * as v from 'valibot'

/**
 * The vocabulary in which inputs are described. Each word checks, and says in its message what was expected, so
 * that an error needs nothing but the field's path in front.
 */

/** Gives a field the name it has on the wire, where that is not simply its snake_case form. */
export const named = <const Schema extends v.GenericSchema>(wire: string, schema: Schema) =>
  v.pipe(schema, v.metadata({ wire }))

/** A field that chooses or accompanies, and is never sent. */
export const unsent = <const Schema extends v.GenericSchema>(schema: Schema) =>
  v.pipe(schema, v.metadata({ wire: false }))

/** The wire name of the field `key`; nothing for one that is not sent. */
export function wireName(schema: v.GenericSchema, key: string): string | undefined {
  const { wrapped } = schema as { wrapped?: v.GenericSchema }
  if (wrapped) return wireName(wrapped, key)
  const { wire } = v.getMetadata(schema as never) as { wire?: string | false }
  return wire === false ? undefined : (wire ?? snakeCase(key))
}

export const snakeCase = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

type Described = v.GenericSchema & {
  wrapped?: v.GenericSchema
  item?: v.GenericSchema
  entries?: Record<string, v.GenericSchema>
}

/**
 * Renames a checked input for the wire. The schema leads: what it describes is renamed, and what it leaves open
 * (the user's own data, such as the `data` of a template message) passes through untouched.
 */
export function toWire(schema: v.GenericSchema, value: unknown): unknown {
  const { wrapped, item, entries } = schema as Described
  if (wrapped) return toWire(wrapped, value)
  if (item && Array.isArray(value)) return value.map((each) => toWire(item, each))
  if (!entries || typeof value !== 'object' || value === null) return value
  const out: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(entries)) {
    const given = (value as Record<string, unknown>)[key]
    const name = wireName(field, key)
    if (given !== undefined && name !== undefined) out[name] = toWire(field, given)
  }
  return out
}

export const object = v.strictObject

/**
 * The same schema, which takes fields under other names too: those that samples of the official documents give them by
 * mistake, in camelCase or as on the wire. Errors speak of the right name.
 */
export function alsoNamed<const Schema extends v.GenericSchema>(
  schema: Schema,
  names: Readonly<Record<string, string>>,
): Schema {
  const meant = new Map(
    Object.entries(names).flatMap(([name, own]) => [
      [name, own],
      [snakeCase(name), own],
    ]),
  )
  const run: v.GenericSchema['~run'] = (dataset, config) => {
    const { value } = dataset
    const renamed = isMap(value)
      ? Object.fromEntries(
          Object.entries(value as object).map(([key, each]) => {
            const own = meant.get(key) ?? key
            return [own === key || Object.hasOwn(value as object, own) ? key : own, each]
          }),
        )
      : value
    return schema['~run']({ ...dataset, value: renamed }, config)
  }
  return { ...schema, '~run': run }
}
export const optional = v.optional

/** A list of `min` to `max` items. */
export function list<const Item extends v.GenericSchema>(item: Item, min: number, max: number) {
  const expected = `expected a list of ${min} to ${max} items`
  return v.pipe(v.array(item, expected), v.minLength(min, expected), v.maxLength(max, expected))
}

export interface TextRule {
  min?: number
  max?: number
  /** Some providers count UTF-8 bytes, not characters. */
  unit?: 'bytes' | 'characters'
  pattern?: RegExp
  /** What a good value looks like; completes "expected ...". */
  like: string
}

/** The second halves of characters that take two units. */
const SECOND_HALVES = /(?<=[\ud800-\udbff])[\udc00-\udfff]/g

/** Code points. A list of them, which spreading makes, has eight bytes for each byte that somebody sends. */
const characters = (value: string): number => value.replace(SECOND_HALVES, '').length

/** A text. The rule's `like` is the sentence a caller reads when it is missing or wrong. */
export function text({
  min = 1,
  max = Number.POSITIVE_INFINITY,
  unit = 'characters',
  pattern,
  like,
}: TextRule) {
  const expected = `expected ${like}`
  const size = (value: string) => (unit === 'bytes' ? Buffer.byteLength(value) : characters(value))
  return v.pipe(
    v.string(expected),
    v.check((value) => size(value) >= min && size(value) <= max && (pattern?.test(value) ?? true), expected),
    v.metadata({
      like,
      ...(min > 0 ? { minLength: min } : {}),
      ...(Number.isFinite(max) ? { maxLength: max, unit } : {}),
      ...(pattern ? { pattern: pattern.source } : {}),
    }),
  )
}

/**
 * A text that may be left out. An empty one counts as left out: the documents' samples list every parameter and give
 * `''` to those they do not use.
 */
export const optionalText = (rule: TextRule) =>
  v.optional(
    v.pipe(
      v.string(`expected ${rule.like}`),
      v.metadata({ like: rule.like }),
      v.transform((value) => value || undefined),
      v.optional(text(rule)),
    ),
  )

/** A whole number between two bounds, both included. */
export function integer(min: number, max: number, like = `a whole number from ${min} to ${max}`) {
  return v.pipe(
    v.number(`expected ${like}`),
    v.check((value) => Number.isSafeInteger(value) && value >= min && value <= max, `expected ${like}`),
    v.metadata({ like, minimum: min, maximum: max }),
  )
}

/** One of a few values; `like` says what they mean where they do not say so themselves. */
export function choice<const Options extends readonly (string | number)[]>(options: Options, like?: string) {
  const meaning = like === undefined ? '' : `: ${like}`
  const schema = v.picklist(options, `expected one of ${options.join(', ')}${meaning}`)
  return v.pipe(schema, v.metadata(like === undefined ? {} : { like }))
}

/** `like` says what true means. */
export const flag = (like?: string) =>
  v.pipe(
    v.boolean(`expected true or false${like === undefined ? '' : `, true for ${like}`}`),
    v.metadata(like === undefined ? {} : { like: `true for ${like}` }),
  )

const isMap = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An object of one's own keys. valibot's `record` takes lists for objects, and copies: this does neither. */
export const map = <Value>(like: string) =>
  v.pipe(v.custom<Record<string, Value>>(isMap, `expected ${like}`), v.metadata({ like, type: 'object' }))

/** The user's own data: neither its keys nor its values are ever renamed. */
export const freeMap = map<unknown>

export interface UploadedFile {
  /** MIME type. */
  contentType: string
  value: Buffer
}

/** No two neighbours take the same character: there is one way to read a text, so a hostile one costs no search. */
const BASE64 = /^[A-Za-z0-9+/\s]+(?:=\s*){0,2}$/

/** A function's input is JSON, so its files are base64 (a data URL's head is cut off); the library hands in bytes. */
function toBytes(value: unknown): Buffer | undefined {
  if (Buffer.isBuffer(value)) return value
  if (value instanceof Uint8Array) return Buffer.from(value)
  const base64 = typeof value === 'string' ? value.replace(/^data:[^,]*;base64,/, '') : ''
  return BASE64.test(base64) ? Buffer.from(base64, 'base64') : undefined
}

/** A file to upload, `{ contentType, value }`, of at most `maxBytes`. `types` is what its content type may be. */
export function file(maxBytes: number, types: RegExp, like: string) {
  const expected = `expected bytes, or their base64, from 1 to ${maxBytes} bytes`
  return object({
    contentType: named('contentType', text({ max: 127, pattern: types, like })),
    value: v.pipe(
      v.custom<Uint8Array | string>((value) => toBytes(value) !== undefined, expected),
      v.metadata({ like: expected.replace('expected ', ''), type: 'string', contentEncoding: 'base64' }),
      v.transform((value): Buffer => toBytes(value) ?? Buffer.alloc(0)),
      v.check((bytes) => bytes.length > 0 && bytes.length <= maxBytes, expected),
    ),
  })
}

export const picture = (maxBytes: number) =>
  file(maxBytes, /^image\/(png|jpe?g|gif|bmp)$/, 'the MIME type of a picture, such as image/png')
