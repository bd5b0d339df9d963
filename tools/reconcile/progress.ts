import { progress as bar } from '@clack/prompts'
import type { BillReport } from '../../shared/store/port.js'
import type { Language } from '../doctor/command.js'
import type { Progress } from './run.js'

const texts = {
  en: {
    reading: 'reading the bill',
    rows: 'comparing rows',
    orders: 'looking for what was paid here',
    refunds: 'looking for refunds',
    flows: 'reading the fund-flow bill',
  },
  zh: {
    reading: '读取账单',
    rows: '核对各行',
    orders: '查找本地已付的订单',
    refunds: '查找退款',
    flows: '读取资金账单',
  },
} as const

/** On a terminal a bar that fills with the rows of the bill; in a log a line for each merchant. */
export function progressOn(stream: NodeJS.WriteStream, language: Language): Progress {
  const text = texts[language]
  if (!stream.isTTY || !stream.columns) {
    return {
      begin: ({ provider, merchantId }) => void stream.write(`${provider} ${merchantId}: ${text.reading}\n`),
      step: () => undefined,
      end: () => undefined,
    }
  }
  let shown: ReturnType<typeof bar> | undefined
  let done = 0
  let name = ''
  const begun = (rows: number) => {
    const made = bar({ max: Math.max(1, rows), output: stream })
    made.start(`${name} ${text.reading}`)
    return made
  }
  return {
    begin({ provider, merchantId }) {
      name = `${provider} ${merchantId}`
      done = 0
    },
    step({ rows, cursor }: BillReport) {
      shown ??= begun(rows)
      const now = cursor.phase === 'rows' ? cursor.rows : rows
      shown.advance(Math.max(0, now - done), `${name} ${text[cursor.phase]} ${now}/${rows}`)
      done = Math.max(done, now)
    },
    end() {
      shown?.stop(name)
      shown = undefined
    },
  }
}
