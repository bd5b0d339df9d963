import type { Bilingual } from '../../shared/operation/index.js'

/** `error`: something does not work. `warn`: it works, and should be changed. `skipped`: it could not be found out. */
export const levels = ['error', 'warn', 'skipped', 'ok'] as const

export type Level = (typeof levels)[number]

/** Something a check may say. `{name}` stands for what differs from case to case; never a secret. */
interface Remark {
  level: Level
  what: Bilingual
  /** Why it matters, where that is not plain. */
  why?: Bilingual
  mend?: Bilingual
}

export type Remarks<Code extends string = string> = Readonly<Record<Code, Remark>>

/** What stands for the names in braces; a plain text is the same in both languages. */
export type Values = Readonly<Record<string, string | number | Bilingual>>

/** A remark that was made, with what stands for its names. */
export interface Finding extends Remark {
  code: string
  values: Values
}

/** Makes one of a check's remarks. */
export type Say<Code extends string = string> = (code: Code, values?: Values) => Finding

/** Values are masked here, once for all checks: whatever a provider repeats of a request, no secret gets through. */
export const findingMaker =
  <Code extends string>(remarks: Remarks<Code>, secrets: readonly string[]): Say<Code> =>
  (code, values = {}) => ({ ...remarks[code], code, values: masked(values, secrets) })

const masked = (values: Values, secrets: readonly string[]): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string'
        ? secrets.reduce((text, secret) => text.replaceAll(secret, '***'), value)
        : value,
    ]),
  )

/** One of the sentences of a finding, in one language. Throws when a name in it stands for nothing. */
export function sentence(text: Bilingual, language: keyof Bilingual, values: Values): string {
  return text[language].replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`{${name}} stands for nothing in: ${text[language]}`)
    return typeof value === 'object' ? value[language] : String(value)
  })
}
