import type { Bilingual } from '../operation/index.js'
import { causes } from './causes.js'

export type Cause = keyof typeof causes

/** Why a message failed its verification, as far as it can be told. */
export interface Finding {
  cause: Cause
  /** Which key, by how much, and the like. */
  detail?: Bilingual
}

/** How the message came here: a provider called, or answered. */
export type Came = 'notice' | 'answer'

/** Characters. */
const MAX_QUOTED = 200

/** A detail that is the same in every language. It quotes the message, which is anybody's: a line of the log holds it. */
export function named(name: string): Bilingual {
  const quoted = name.slice(0, MAX_QUOTED)
  return { en: quoted, zh: quoted }
}

/** What to change. */
export function remedyOf({ cause, detail }: Finding, came: Came): Bilingual {
  const known: Bilingual & { answer?: Bilingual } = causes[cause]
  const { en, zh } = (came === 'answer' && known.answer) || known
  return detail ? { en: `${detail.en}; ${en}`, zh: `${detail.zh}；${zh}` } : { en, zh }
}
