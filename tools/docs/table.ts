import type { Advice } from '../../shared/errors/index.js'
import { type Language, words } from './words.js'

/** The tables of the generated pages. */

export const row = (...cells: string[]): string => `| ${cells.join(' | ')} |`

export const cell = (text: string): string => text.replaceAll('|', '\\|')

export const tableOf = (columns: string, rows: string[]): string =>
  `| ${columns} |\n|${columns
    .split('|')
    .map(() => '---')
    .join('|')}|\n${rows.join('\n')}\n`

/** The word stands in the error itself, so it stays beside what it means. */
export const adviceIn = (language: Language, advice?: Advice): string => {
  if (advice === undefined) return ''
  return language === 'en' ? advice : `${words.zh.advice[advice]} \`${advice}\``
}
