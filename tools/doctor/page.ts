import { checks } from './checks/index.js'
import { commonRemarks } from './common.js'
import { levels, type Remarks } from './finding.js'
import { pageWords } from './pageWords.js'
import type { Language } from './words.js'

/** The pages about the doctor, by their paths below the root. */
export const doctorPages = (): Map<string, string> =>
  new Map([
    ['docs/doctor.md', page('en')],
    ['docs/doctor.zh-CN.md', page('zh')],
  ])

function page(language: Language): string {
  const say = pageWords[language]
  const sections = checks.map(
    ({ id, title, remarks }) => `### \`${id}\`\n\n${title[language]}\n\n${table(remarks, language)}`,
  )
  return `${say.intro}\n${sections.join('\n')}\n### ${say.common}\n\n${table(commonRemarks, language)}`
}

/** The gravest first. */
function table(remarks: Remarks, language: Language): string {
  const say = pageWords[language]
  const rows = levels.flatMap((level) =>
    Object.entries(remarks)
      .filter(([, remark]) => remark.level === level)
      .map(([code, { what, mend }]) =>
        ['', `\`${code}\``, say.levels[level], cell(what[language]), cell(mend?.[language] ?? ''), ''].join(
          ' | ',
        ),
      ),
  )
  return `${say.columns}\n|---|---|---|---|\n${rows.map((row) => row.trim()).join('\n')}\n`
}

/** `<name>` would be taken for HTML, and a bar for the end of the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
