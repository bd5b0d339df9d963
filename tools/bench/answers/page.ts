import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { quantile } from '../times.js'

/** What is written of a run: the tables in `docs/performance.md` and its Chinese page, and the plot that both show. */

/** Milliseconds: of the processor, and of the clock. */
export interface Times {
  cpu: number[]
  ms: number[]
}

export type Results = Map<string, Map<string, Times>>

const BEGIN = '<!-- npm run bench -- answers page -->'
const END = '<!-- end of what the bench writes -->'

const pages = [
  {
    file: join('docs', 'performance.md'),
    head: ['first answer of', 'functions', 'ratio', 'processor, ms', 'clock, ms'],
  },
  {
    file: join('docs', 'performance.zh-CN.md'),
    head: ['首次应答', '函数', '比值', '处理器（毫秒）', '时钟（毫秒）'],
  },
]

/** Both pages and the plot, from one run. `server`: what kept the orders. */
export function writePages(results: Results, server: string): void {
  const run = `Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}, ${server}`
  for (const { file, head } of pages) {
    const text = readFileSync(file, 'utf8')
    const [before, rest] = text.split(BEGIN)
    const after = rest?.split(END)[1]
    if (before === undefined || after === undefined) throw new Error(`${file} has no place for the table`)
    const lines = [row(head), row(head.map(() => '---')), ...rowsOf(results)]
    writeFileSync(file, `${before}${BEGIN}\n\n${lines.join('\n')}\n\n\`${run}\`\n\n${END}${after}`)
  }
  writeFileSync(join('docs', 'performance.svg'), plot(results))
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`

function rowsOf(results: Results): string[] {
  return [...results].flatMap(([name, sides]) =>
    [...sides].map(([side, times]) => {
      const ratio = ratioOf(sides, times)
      return row([`\`${name}\``, `\`${side}\``, ratio.toFixed(2), spread(times.cpu), spread(times.ms)])
    }),
  )
}

const median = (times: readonly number[]): number => quantile(times, 0.5)

/** Of the processor time without code caches. */
const ratioOf = (sides: ReadonlyMap<string, Times>, { cpu }: Times): number =>
  median(cpu) / median(sides.get('without')?.cpu ?? [])

const spread = (times: readonly number[]): string =>
  `${median(times).toFixed(1)} (${quantile(times, 0.25).toFixed(1)}-${quantile(times, 0.75).toFixed(1)})`

const BAR = 18
const LEFT = 300
const WIDTH = 900

/** Bars of processor time, one for each row of the table. */
function plot(results: Results): string {
  const bars = [...results].flatMap(([name, sides]) =>
    [...sides].map(([side, { cpu }]) => ({ label: `${name}, ${side}`, side, ms: median(cpu) })),
  )
  const scale = (WIDTH - LEFT - 80) / Math.max(...bars.map(({ ms }) => ms))
  const colours: Readonly<Record<string, string>> = { 'with code caches': '#2a9d8f', without: '#577590' }
  const drawn = bars.map(({ label, side, ms }, i) => {
    const y = 10 + i * (BAR + 4)
    const width = (ms * scale).toFixed(1)
    return [
      `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${label}</text>`,
      `<rect x="${LEFT}" y="${y}" width="${width}" height="${BAR}" fill="${colours[side] ?? '#adb5bd'}"/>`,
      `<text x="${(LEFT + ms * scale + 6).toFixed(1)}" y="${y + 13}">${ms.toFixed(1)} ms</text>`,
    ].join('\n')
  })
  const height = 20 + bars.length * (BAR + 4)
  const frame = `xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13"`
  return `<svg ${frame}>\n<title>Processor time of first answers</title>\n<rect width="${WIDTH}" height="${height}" fill="#fff"/>\n${drawn.join('\n')}\n</svg>\n`
}
