import { type AlipayRefusal, wrongParameter } from './refusal.js'

/** A method's business parameters, as they came in JSON; what is null or empty counts as left out. */
export type Content = Readonly<Record<string, unknown>>

interface Rule {
  required?: true
  accepts(value: unknown): boolean
}

/** What is asked of the parameters, by name. Those that nobody describes are ignored. */
export type Rules = Readonly<Record<string, Rule>>

/** Throws what `otherwise` makes of the first name whose rule is broken. */
export function checkRules(
  rules: Rules,
  content: Content,
  otherwise: (name: string) => AlipayRefusal = wrongParameter,
): void {
  for (const [name, { required, accepts }] of Object.entries(rules)) {
    const value = content[name]
    const isAbsent = value === undefined || value === null || value === ''
    if (isAbsent ? required : !accepts(value)) throw otherwise(name)
  }
}

/** A parameter that is a text; undefined for everything else. */
export function textIn(content: Content, name: string): string | undefined {
  const value = content[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const text =
  (test: (value: string) => boolean) =>
  (value: unknown): boolean =>
    typeof value === 'string' && test(value)

export const matching = (pattern: RegExp) => text((value) => pattern.test(value))
export const upTo = (max: number) => text((value) => [...value].length <= max)
export const oneOf = (...words: string[]) => text((value) => words.includes(value))

/** Yuan as text with at most two decimals, from 0.01 to 100,000,000; numbers bring what floats make of them. */
export const isAmount = text(
  (value) => /^(0|[1-9]\d{0,8})(\.\d{1,2})?$/.test(value) && Number(value) > 0 && Number(value) <= 1e8,
)

const DATE_TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)$/

/** Milliseconds since the epoch of `yyyy-MM-dd HH:mm:ss` in Beijing; undefined when it is no such time. */
export function beijingTime(value: string): number | undefined {
  const [, date, time] = DATE_TIME.exec(value) ?? []
  const at = Date.parse(`${date}T${time}+08:00`)
  return Number.isFinite(at) ? at : undefined
}

export const isDateTime = text((value) => beijingTime(value) !== undefined)

/** The options asked for beside an answer's usual fields. */
export const optionsIn = ({ query_options: options }: Content): readonly unknown[] =>
  Array.isArray(options) ? options : []
