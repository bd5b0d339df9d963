/** What a caller can do about a failure. Printed into the docs, returned to library callers as `advice`. */
export type Advice =
  | 'retry'
  | 'refresh'
  | 'wait'
  | 'fix the request'
  | 'fix the settings'
  | 'ask the user'
  | 'contact the provider'

/** A sentence in both languages. */
export interface Bilingual {
  en: string
  zh: string
}

/** What an error code means, in tables that all calls of a provider share. */
export interface Meaning extends Bilingual {
  advice: Advice
  /** The provider itself does not know whether it acted: ask before sending anything again. */
  outcome?: 'unknown'
  /** The code that callers get, where another one says the same: the provider's own then stays in the log. */
  errCode?: string
}

/** What an error code of the provider means here, where it differs from the common table. */
export type ErrorMeanings = Readonly<Record<number | string, Bilingual & { advice?: Advice }>>

/**
 * One row of the table of our own errors. A code that is raised with several sentences has a row for each of them:
 * one is called like the code and has the `docs`, the others repeat its advice and outcome.
 */
export interface ErrorEntry {
  errCode: number | string
  /** What `errMsg` says: a sentence a newcomer can act on. `{name}` stands for the fact of that name. */
  en: string
  /** Where it is given, `errMsg` has it too, in brackets. */
  zh?: string
  /** What the page of errors says of the code, where that is not the sentence itself. The build leaves it out. */
  docs?: { en?: string; zh: string }
  /** 'fix the request' unless said otherwise. */
  advice?: Advice
  /** `unknown`: the provider may have acted all the same. 'failed' unless said otherwise. */
  outcome?: 'failed' | 'unknown'
  /** HTTP status for URL calls; 400 unless said otherwise. */
  status?: number
}

type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never

/** The facts that the sentence of an entry has room for. */
export type Facts<Entry extends ErrorEntry> = Readonly<Record<Placeholder<Entry['en']>, string | number>>
