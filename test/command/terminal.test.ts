import t from 'tap'
import { progressBar, timeIn } from '../../tools/command/index.js'

const streamOf = (isTTY: boolean, written: string[]) =>
  ({ isTTY, write: (text: string) => written.push(text) }) as unknown as NodeJS.WriteStream

t.test('a bar fills on a terminal and is gone in the end; a log has the text once', async (t) => {
  const [seen, logged]: [string[], string[]] = [[], []]
  for (const stream of [streamOf(true, seen), streamOf(false, logged)]) {
    const bar = progressBar(stream, 'notices')
    bar.step(1, 2)
    bar.step(2, 2)
    bar.end()
  }
  t.strictSame(seen, [
    `\r[${'='.repeat(15)}${' '.repeat(15)}] 1/2 notices`,
    `\r[${'='.repeat(30)}] 2/2 notices`,
    '\r\u001b[K',
  ])
  t.strictSame(logged, ['notices\n'])
})

t.test('a time is milliseconds, or a date with its zone', async (t) => {
  t.equal(timeIn('at', '1769832000000'), 1769832000000)
  t.equal(timeIn('at', '2026-01-31T12:00:00+08:00'), 1769832000000)
  t.throws(() => timeIn('since', 'yesterday'), { message: /^--since yesterday is no time/ })
})
