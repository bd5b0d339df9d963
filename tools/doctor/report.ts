import { styleText } from 'node:util'
import { commonRemarks } from './common.js'
import type { Examined } from './examine.js'
import { type Finding, type Level, levels, sentence } from './finding.js'
import { type Language, words } from './words.js'

/** How many findings of each level there are. */
export type Counts = Readonly<Record<Level, number>>

export const countsOf = (examined: readonly Examined[]): Counts =>
  Object.fromEntries(
    levels.map((level) => [
      level,
      examined.flatMap(({ findings }) => findings).filter((finding) => finding.level === level).length,
    ]),
  ) as Counts

/** For machines: one object. `values` are what a finding is about; no text in it is a secret. */
export function jsonReport(examined: readonly Examined[], language: Language): string {
  const counts = countsOf(examined)
  const findings = examined.flatMap(({ check, findings }) =>
    findings.map((finding) => ({
      check: check.id,
      ...{ code: finding.code, level: finding.level, values: finding.values },
      ...texts(finding, language),
    })),
  )
  return JSON.stringify({ healthy: counts.error === 0, counts, findings }, null, 2)
}

function texts({ what, why, mend, values }: Finding, language: Language) {
  const said = (text: typeof why) => text && sentence(text, language, values)
  return { what: sentence(what, language, values), why: said(why), mend: said(mend) }
}

const marks: Readonly<Record<Level, string>> = { ok: '✓', warn: '!', error: '✗', skipped: '-' }

const styles = { ok: 'green', warn: 'yellow', error: 'red', skipped: 'dim' } as const

/** For people. */
export function plainReport(
  examined: readonly Examined[],
  { language, colour }: { language: Language; colour: boolean },
): string {
  const say = words[language]
  const paint = (style: 'bold' | (typeof styles)[Level], text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text
  const shown = (finding: Finding): string[] => {
    const { what, why, mend } = texts(finding, language)
    return [
      `  ${paint(styles[finding.level], marks[finding.level])} ${what}`,
      ...(why ? [`      ${say.why}: ${why}`] : []),
      ...(mend ? [`      ${say.mend}: ${mend}`] : []),
    ]
  }
  const told = examined.filter(({ findings }) => findings.some(({ code }) => !isCommon(code)))
  const lines = told.flatMap(({ check, findings }) => [
    `${paint('bold', check.title[language])} ${paint('dim', check.id)}`,
    ...findings.flatMap(shown),
  ])
  for (const [reason, titles] of hindrances(examined, language)) {
    lines.push(paint('dim', `- ${reason}${say.colon}${titles.join(say.separator)}`))
  }
  return `${[...lines, '', ...ending(examined, language)].join('\n')}\n`
}

const isCommon = (code: string): boolean => Object.hasOwn(commonRemarks, code)

/** Checks that found out nothing, by what kept them from it: one line for all of a kind. */
function hindrances(examined: readonly Examined[], language: Language): Map<string, string[]> {
  const byReason = new Map<string, string[]>()
  for (const { check, findings } of examined) {
    if (findings.some(({ code }) => !isCommon(code))) continue
    const reasons = new Set(findings.map((finding) => texts(finding, language).what))
    for (const reason of reasons) {
      byReason.set(reason, [...(byReason.get(reason) ?? []), check.title[language]])
    }
  }
  return byReason
}

function ending(examined: readonly Examined[], language: Language): string[] {
  const say = words[language]
  const counts = countsOf(examined)
  const summary = levels.reduce(
    (text, level) => text.replace(`{${level}}`, String(counts[level])),
    say.summary as string,
  )
  return [summary, counts.error === 0 ? say.healthy : say.ill]
}
