import type { Bilingual } from '../../shared/operation/index.js'
import type { Figure } from './figure.js'

/** uniCloud's own words for its editions, as `context.SPACEINFO.provider` says them. */
export const EDITIONS = ['aliyun', 'tencent', 'alipay'] as const
export type EditionName = (typeof EDITIONS)[number]

export const isEdition = (word: string): word is EditionName => (EDITIONS as readonly string[]).includes(word)

/** What one edition of uniCloud takes and does. What is absent nobody printed. */
export interface Edition {
  readonly name: Bilingual
  /** The folder of a project that is uploaded to it. */
  readonly folder: string
  readonly functions: Figure
  readonly nameLength?: Figure
  /** Of one function. */
  readonly packageSize: Figure
  readonly runtimes: Figure<readonly string[]>
  readonly memorySizes: Figure<readonly number[]>
  /** The most that `package.json` may say for a function without a timer. */
  readonly timeout: Figure
  /** When a client's call is cut off. */
  readonly timeoutClient: Figure
  readonly timeoutUrl: Figure
  readonly timeoutTimer: Figure
  readonly callIn: Figure
  readonly callOut: Figure
  readonly urlIn: Figure
  /** Where texts have a limit of their own. */
  readonly urlTextIn?: Figure
  readonly urlOut: Figure
  readonly callsPerSecond: Figure<number | readonly [number, number]>
  readonly instanceKept: Figure
  readonly afterReturn: Figure<'frozen' | 'goes on'>
  /** Of the process; timers are in Beijing's time on all. */
  readonly timeZone: Figure<'UTC' | 'Asia/Shanghai'>
  /** In `package.json`, and in the console. */
  readonly cronFields: Figure
  readonly cronFieldsInConsole: Figure
  readonly shortestPeriod: Figure
  readonly timerRetries?: Figure
  /** What a timer's event says it is called; its configured name where nothing is said. */
  readonly timerName?: Figure<string>
  readonly urlDomains: Figure
  readonly egress: Figure<readonly string[]>
  readonly databaseTimeout: Figure
  readonly readMost?: Figure
  readonly collections: Figure
  readonly indexesPerSpace?: Figure
  readonly indexesPerCollection?: Figure
  readonly sparseIndexes: Figure<boolean>
  /** Whether index files have to name the type of what is no text. */
  readonly indexTypes: Figure<boolean>
  readonly makesCollections: Figure<boolean>
  /** What becomes of a text of 24 hexadecimal or decimal digits that is stored. */
  readonly idLikeTexts: Figure<'lower-cased ids' | 'sometimes ids' | 'kept'>
  readonly isoTextsBecomeDates: Figure<boolean>
  /** Whether a condition on an object compares it whole. */
  readonly wholeObjectConditions: Figure<boolean>
}
