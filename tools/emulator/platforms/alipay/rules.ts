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

const messages: Readonly<Record<string, string>> = {
  20000: 'Service Currently Unavailable',
  40001: 'Missing Required Arguments',
  40002: 'Invalid Arguments',
  40004: 'Business Failed',
}

/** Alipay says no: the method did not do what was asked. */
export class AlipayRefusal extends Error {
  constructor(
    readonly code: '20000' | '40001' | '40002' | '40004',
    readonly subCode: string,
    message: string,
  ) {
    super(message)
  }

  /** As it stands in an answer. */
  get fields(): object {
    const { code, subCode, message } = this
    return { code, msg: messages[code], sub_code: subCode, sub_msg: message }
  }
}

/** The gateway says no before it knows with whom it speaks: such an answer is not signed. */
export class GatewayRefusal extends AlipayRefusal {}

export const missing = (name: string, what: string): GatewayRefusal =>
  new GatewayRefusal('40001', `isv.missing-${name}`, `缺少${what}参数`)

export const invalid = (name: string, text: string): GatewayRefusal =>
  new GatewayRefusal('40002', `isv.${name}`, text)

/** What other methods say to a parameter that cannot be. */
export const invalidParameter = (name: string): AlipayRefusal =>
  new AlipayRefusal('40002', 'isv.invalid-parameter', `参数无效：${name}`)

/** What the methods of payments say to a parameter that cannot be. */
export const wrongParameter = (name: string): AlipayRefusal =>
  new AlipayRefusal('40004', 'ACQ.INVALID_PARAMETER', `参数无效：${name}`)

export const businessFailure = (subCode: string, text: string): AlipayRefusal =>
  new AlipayRefusal('40004', subCode, text)
