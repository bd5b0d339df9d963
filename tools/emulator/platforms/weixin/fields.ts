import { type ErrCode, WeixinRefusal } from './errors.js'

export interface Rule {
  accepts(value: unknown): boolean
  otherwise: ErrCode
}

/** What is asked of one field. Fields that nobody describes are ignored, as WeChat does. */
interface Field {
  /** The code when it is absent; a field without it is optional. */
  missing?: ErrCode
  rules: readonly Rule[]
}

export type Fields = Readonly<Record<string, Field>>

/** Throws the code of the first rule that is broken, in the order of the table. */
export function checkFields(fields: Fields, values: Readonly<Record<string, unknown>>): void {
  for (const [name, { missing, rules }] of Object.entries(fields)) {
    const value = values[name]
    if (value === undefined || value === null || value === '') {
      if (missing !== undefined) throw new WeixinRefusal(missing)
      continue
    }
    const broken = rules.find((rule) => !rule.accepts(value))
    if (broken) throw new WeixinRefusal(broken.otherwise)
  }
}

const textRule = (test: (text: string) => boolean, otherwise: ErrCode): Rule => ({
  accepts: (value) => typeof value === 'string' && test(value),
  otherwise,
})

/** A text of at most `max` characters. */
export const upTo = (max: number, otherwise: ErrCode): Rule =>
  textRule((text) => [...text].length <= max, otherwise)

export const matching = (pattern: RegExp, otherwise: ErrCode): Rule =>
  textRule((text) => pattern.test(text), otherwise)

export const without = (part: string, otherwise: ErrCode): Rule =>
  textRule((text) => !text.includes(part), otherwise)

export const oneOf = (words: readonly string[], otherwise: ErrCode): Rule =>
  textRule((text) => words.includes(text), otherwise)

export const between = (min: number, max: number, otherwise: ErrCode): Rule => ({
  accepts: (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
  otherwise,
})

export const flag = (otherwise: ErrCode): Rule => ({
  accepts: (value) => typeof value === 'boolean',
  otherwise,
})

/** `{ r, g, b }`, each 0 to 255, as numbers or as decimal texts. */
export const colour = (otherwise: ErrCode): Rule => ({
  accepts: (value) => {
    const parts = value as Record<string, unknown>
    return ['r', 'g', 'b'].every(
      (part) => /^\d{1,3}$/.test(String(parts[part])) && Number(parts[part]) <= 255,
    )
  },
  otherwise,
})
