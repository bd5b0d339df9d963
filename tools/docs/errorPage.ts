import { codes as alipayCodes, subCodes } from '../../shared/alipay/errCodes.js'
import type { ErrorEntry, Meaning } from '../../shared/errors/index.js'
import * as errors from '../../shared/errors/index.js'
import { errCodes as v2Codes } from '../../shared/payment/weixin-v2/failure.js'
import { errCodes as v3Codes } from '../../shared/payment/weixin-v3/failure.js'
import { knownCodes, meaningOf } from '../../shared/weixin/errorTable.js'
import { adviceIn, cell, row, tableOf } from './table.js'
import { type Language, words } from './words.js'

/** With these, the provider did nothing: the same call may go out again. */
const REPEATABLE: ReadonlySet<string> = new Set(['retry', 'refresh'])

type Row = readonly [code: string, meaning: Meaning]

const weixinCodes = (): Row[] =>
  knownCodes()
    .sort((a, b) => a - b)
    .flatMap((code) => {
      const meaning = meaningOf(code)
      return meaning ? [[String(code), meaning] as const] : []
    })

/** Every code an error may have, by whose it is. */
export function errorPage(language: Language): string {
  const say = words[language]
  const sections: readonly (readonly [keyof typeof say.errorGroups, readonly Row[]])[] = [
    ['own', ownCodes()],
    ['weixin', weixinCodes()],
    ['v3', Object.entries(v3Codes)],
    ['v2', Object.entries(v2Codes)],
    ['alipay', [...Object.entries(alipayCodes), ...Object.entries(subCodes)]],
  ]
  const text = sections.map(
    ([group, rows]) =>
      `## ${say.errorGroups[group]}\n\n${tableOf(
        say.errorColumns,
        rows.map(([code, meaning]) => described(code, meaning, language)),
      )}`,
  )
  return `# ${say.errorsTitle}\n\n${say.errorsOther}\n\n${say.errorsIntro}\n\n${text.join('\n')}`
}

function described(code: string, meaning: Meaning, language: Language): string {
  const { advice, outcome, errCode } = meaning
  const say = words[language]
  const again = advice === 'wait' ? say.later : REPEATABLE.has(advice) ? say.yes : ''
  const repeat = outcome === 'unknown' ? say.queryFirst : again
  // What callers get comes first; the platform's own code is what its support and the log know.
  const codes = errCode === undefined ? code : `${errCode} (${code})`
  return row(codes, cell(meaning[language]), adviceIn(language, advice), repeat)
}

/** Those with a text in both languages: one of the rows that share a code, and none of what stays inside. */
const ownCodes = (): Row[] =>
  Object.entries(errors)
    .flatMap(([name, entry]) =>
      isEntry(entry) && (entry.docs || entry.zh) ? [[name, meaning(entry)] as const] : [],
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))

const isEntry = (value: object): value is ErrorEntry => 'errCode' in value

function meaning({ en, zh, docs, advice = 'fix the request', outcome }: ErrorEntry): Meaning {
  const text = { en: docs?.en ?? en, zh: docs?.zh ?? zh ?? en }
  return { ...text, advice, ...(outcome === 'unknown' ? { outcome } : {}) }
}
