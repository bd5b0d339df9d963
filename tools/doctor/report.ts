import { styleText } from 'node:util'
import type { CheckResult } from './check.js'
import type { Language } from './command.js'
import { type Finding, type Level, levels, sentence } from './finding.js'
import { skippedRemarks } from './skipped.js'

/** The texts around the findings. */
export const labels = {
  en: {
    why: 'Why',
    mend: 'Do',
    summary: '{error} wrong, {warn} to look at, {ok} fine, {skipped} not found out',
    healthy: 'Nothing stands in the way.',
    ill: 'Something stands in the way.',
    looking: 'looking at {all} things, at most 5 s each request',
    separator: '; ',
    colon: ': ',
  },
  zh: {
    why: '原因',
    mend: '处理',
    summary: '错误 {error} 项，需留意 {warn} 项，正常 {ok} 项，未能检查 {skipped} 项',
    healthy: '没有发现阻碍运行的问题。',
    ill: '发现了阻碍运行的问题。',
    looking: '共 {all} 项检查，每个请求最多 5 秒',
    separator: '；',
    colon: '：',
  },
} as const

/** How many findings of each level there are. */
export type Counts = Readonly<Record<Level, number>>

export const countsOf = (results: readonly CheckResult[]): Counts =>
  Object.fromEntries(
    levels.map((level) => [
      level,
      results.flatMap(({ findings }) => findings).filter((finding) => finding.level === level).length,
    ]),
  ) as Counts

/** For machines: one object. `values` are what a finding is about; no text in it is a secret. */
export function jsonReport(results: readonly CheckResult[], language: Language): string {
  const counts = countsOf(results)
  const findings = results.flatMap(({ check, findings }) =>
    findings.map((finding) => ({
      check: check.id,
      ...{ code: finding.code, level: finding.level, values: finding.values },
      ...texts(finding, language),
    })),
  )
  return JSON.stringify({ healthy: counts.error === 0, counts, findings }, null, 2)
}

function texts({ what, why, mend, values }: Finding, language: Language) {
  const inLanguage = (text: typeof why) => text && sentence(text, language, values)
  return { what: sentence(what, language, values), why: inLanguage(why), mend: inLanguage(mend) }
}

const marks: Readonly<Record<Level, string>> = { ok: '✓', warn: '!', error: '✗', skipped: '-' }

const styles = { ok: 'green', warn: 'yellow', error: 'red', skipped: 'dim' } as const

/** The report for people: findings by check, then what was skipped, then the counts. */
export function plainReport(
  results: readonly CheckResult[],
  { language, colour }: { language: Language; colour: boolean },
): string {
  const label = labels[language]
  const paint = (style: 'bold' | (typeof styles)[Level], text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text
  const shown = (finding: Finding): string[] => {
    const { what, why, mend } = texts(finding, language)
    return [
      `  ${paint(styles[finding.level], marks[finding.level])} ${what}`,
      ...(why ? [`      ${label.why}: ${why}`] : []),
      ...(mend ? [`      ${label.mend}: ${mend}`] : []),
    ]
  }
  const conclusive = results.filter(({ findings }) => findings.some(({ code }) => !isSkipped(code)))
  const lines = conclusive.flatMap(({ check, findings }) => [
    `${paint('bold', check.title[language])} ${paint('dim', check.id)}`,
    ...findings.flatMap(shown),
  ])
  for (const [reason, titles] of skippedChecks(results, language)) {
    lines.push(paint('dim', `- ${reason}${label.colon}${titles.join(label.separator)}`))
  }
  return `${[...lines, '', ...ending(results, language)].join('\n')}\n`
}

const isSkipped = (code: string): boolean => Object.hasOwn(skippedRemarks, code)

/** The titles of the checks that were skipped, by the reason. */
function skippedChecks(results: readonly CheckResult[], language: Language): Map<string, string[]> {
  const byReason = new Map<string, string[]>()
  for (const { check, findings } of results) {
    if (findings.some(({ code }) => !isSkipped(code))) continue
    const reasons = new Set(findings.map((finding) => texts(finding, language).what))
    for (const reason of reasons) {
      byReason.set(reason, [...(byReason.get(reason) ?? []), check.title[language]])
    }
  }
  return byReason
}

function ending(results: readonly CheckResult[], language: Language): string[] {
  const label = labels[language]
  const counts = countsOf(results)
  const summary = levels.reduce(
    (text, level) => text.replace(`{${level}}`, String(counts[level])),
    label.summary as string,
  )
  return [summary, counts.error === 0 ? label.healthy : label.ill]
}
