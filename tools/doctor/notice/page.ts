import { type Cause, causes, proxy, remedyOf } from '../../../shared/diagnosis/causes.js'
import type { Language } from '../words.js'
import { pageWords } from './pageWords.js'

/** The pages about the coroner, by their paths below the root. */
export const coronerPages = (): Map<string, string> =>
  new Map([
    ['docs/coroner.md', page('en')],
    ['docs/coroner.zh-CN.md', page('zh')],
  ])

function page(language: Language): string {
  const { intro, columns, same, ...say } = pageWords[language]
  const rows = (Object.keys(causes) as Cause[]).map((cause) => {
    const call = remedyOf({ cause }, 'notice')[language]
    const answer = remedyOf({ cause }, 'answer')[language]
    const known = new Map([
      [call, same],
      [proxy[language], say.proxy],
    ])
    return `| \`${cause}\` | ${call} | ${known.get(answer) ?? answer} |`
  })
  return `${intro}\n${columns}\n|---|---|---|\n${rows.join('\n')}\n\n${say.legend}${proxy[language]}\n`
}
