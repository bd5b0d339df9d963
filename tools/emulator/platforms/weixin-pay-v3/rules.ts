/** Where a parameter is wrong. */
export interface Detail {
  field: string
  value?: unknown
  issue: string
  location: 'body' | 'query'
}

/** WeChat Pay says no, with a status and a code of its own. */
export class V3Failure extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly detail?: Detail,
  ) {
    super(message)
  }
}

export const paramError = (message: string, detail?: Detail): V3Failure =>
  new V3Failure(400, 'PARAM_ERROR', message, detail)

export const signError = (message: string): V3Failure => new V3Failure(401, 'SIGN_ERROR', message)

type Values = Readonly<Record<string, unknown>>

interface Rule {
  required?: boolean | ((values: Values) => boolean)
  accepts(value: unknown): boolean
}

/** What is asked of a body or a query, by dotted path. Fields that nobody describes are ignored. */
export type Rules = Readonly<Record<string, Rule>>

/** Throws PARAM_ERROR at the first rule that is broken. JSON's null is a value of the wrong kind. */
export function checkRules(rules: Rules, values: Values, location: Detail['location']): void {
  for (const [path, { required, accepts }] of Object.entries(rules)) {
    const value = valueAt(values, path)
    const field = `/${location}/${path.replaceAll('.', '/')}`
    const needed = typeof required === 'function' ? required(values) : required === true
    if (value === undefined && !needed) continue
    if (value === undefined) {
      throw paramError(`输入源“${field}”必填`, { field, issue: 'required', location })
    }
    if (!accepts(value))
      throw paramError(`输入源“${field}”不合法`, { field, value, issue: 'invalid', location })
  }
}

/** What stands at a dotted path; undefined where there is nothing. */
function valueAt(values: Values, path: string): unknown {
  let value: unknown = values
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

export function textAt(values: Values, path: string): string | undefined {
  const value = valueAt(values, path)
  return typeof value === 'string' ? value : undefined
}

export const numberAt = (values: Values, path: string): number => Number(valueAt(values, path))

const text =
  (test: (value: string) => boolean) =>
  (value: unknown): boolean =>
    typeof value === 'string' && test(value)

export const atMost = (max: number) => text((value) => value !== '' && [...value].length <= max)

export const matching = (pattern: RegExp) => text((value) => pattern.test(value))

export const oneOf = (...words: string[]) => text((value) => words.includes(value))

export const anyText = text((value) => value !== '')

export const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null

export const isFlag = (value: unknown): boolean => typeof value === 'boolean'

/** Fen as a JSON number; a text is refused. */
export const isFee = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) > 0

/** RFC 3339 with an offset. */
export const isTime = text(
  (value) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value) &&
    Number.isFinite(Date.parse(value)),
)

/** https, without query or fragment; on this machine http does. */
export const isNotifyUrl = text((value) => {
  if (value.length > 255 || /[?#]/.test(value) || !URL.canParse(value)) return false
  const { protocol, hostname } = new URL(value)
  return (
    protocol === 'https:' || (protocol === 'http:' && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(hostname))
  )
})
