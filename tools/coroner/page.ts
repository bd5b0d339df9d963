import { causes } from '../../shared/payment/coroner/causes.js'
import { type Cause, remedyOf } from '../../shared/payment/coroner/findings.js'
import type { Language } from '../doctor/words.js'
import { pageWords } from './pageWords.js'

/** The pages about the coroner, by their paths below the root. */
export const coronerPages = (): Map<string, string> =>
  new Map([
    ['docs/coroner.md', page('en')],
    ['docs/coroner.zh-CN.md', page('zh')],
  ])

function page(language: Language): string {
  const { intro, columns, same } = pageWords[language]
  const rows = (Object.keys(causes) as Cause[]).map((cause) => {
    const call = remedyOf({ cause }, 'notice')[language]
    const answer = remedyOf({ cause }, 'answer')[language]
    return `| \`${cause}\` | ${call} | ${answer === call ? same : answer} |`
  })
  return `${intro}\n${columns}\n|---|---|---|\n${rows.join('\n')}\n`
}
