/** The fields of a push in WeChat's own words; lists and objects may stand in each other. */
export type PushFields = Readonly<Record<string, unknown>>

export type PushFormat = 'json' | 'xml'

/** As WeChat writes it: texts in CDATA, numbers bare, an element for every item of a list. */
export function pushText(fields: PushFields, format: PushFormat): string {
  return format === 'json' ? JSON.stringify(fields) : `<xml>${elements(fields)}</xml>`
}

const elements = (fields: object): string =>
  Object.entries(fields)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((each) => element(name, each)))
    .join('')

const element = (name: string, value: unknown): string => `<${name}>${content(value)}</${name}>`

function content(value: unknown): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'object' && value !== null) return elements(value)
  return `<![CDATA[${String(value).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
}

/** One field of an answer: WeChat asks no more of it. */
export function fieldOf(text: string, name: string): string | undefined {
  if (text.startsWith('{')) {
    const value = (JSON.parse(text) as PushFields)[name]
    return value === undefined ? undefined : String(value)
  }
  const found = new RegExp(`<${name}>(?:<!\\[CDATA\\[([^\\]]*)\\]\\]>|([^<]*))</${name}>`).exec(text)
  return found?.[1] ?? found?.[2]
}
