import type { Genuine, Letter, Maker } from './table.js'

/** What somebody on the way can do to any message, without a key. */

export const asItCame: Maker = ({ letter }) => letter

/** Throws where the change changes nothing, since then nothing was attacked. */
export const bytes =
  (change: (body: Buffer) => Buffer, of: Maker = asItCame): Maker =>
  (genuine) => {
    const letter = of(genuine)
    const body = change(letter.body)
    if (body.equals(letter.body)) throw new Error(`nothing was changed in ${letter.body}`)
    return { ...letter, body }
  }

export const text = (change: (body: string) => string, of?: Maker): Maker =>
  bytes((body) => Buffer.from(change(body.toString('utf8'))), of)

export const body = (given: string | Buffer): Maker => bytes(() => Buffer.from(given as Buffer))

export const swap = (from: string | RegExp, to: string, of?: Maker): Maker =>
  text((body) => body.replace(from, to), of)

export const header =
  (
    name: string,
    value: string | string[] | undefined | ((was: string) => string | string[]),
    of = asItCame,
  ): Maker =>
  (genuine) => {
    const letter = of(genuine)
    const { [name]: was, ...others } = letter.headers
    const now = typeof value === 'function' ? value(String(was)) : value
    return { ...letter, headers: now === undefined ? others : { ...others, [name]: now } }
  }

export const changed =
  (change: Partial<Letter>, of = asItCame): Maker =>
  (genuine) => ({ ...of(genuine), ...change })

export const path =
  (change: (path: string, genuine: Genuine) => string): Maker =>
  (genuine) => ({ ...genuine.letter, path: change(genuine.letter.path, genuine) })
