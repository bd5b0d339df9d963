import type { Test } from 'tap'
import type { PendingEvent } from '../../../shared/store/port.js'
import type { Answer } from './post.js'
import { REFUND, type Stage, TOTAL } from './stage.js'
import type { Attempt, Genuine, Provider, Verdict } from './table.js'
import { accepted, NOBODY, refusal } from './words.js'

/** What is known of an order: as a text, whether the money counts as moved, its way, and what was told of it. */
export interface State {
  order: string
  isDone: boolean
  moves: string[]
  events: PendingEvent[]
}

export async function stateOf(stage: Stage, { outTradeNo, kind }: Genuine): Promise<State> {
  const order = await stage.order(outTradeNo)
  const [refund] = order?.refunds ?? []
  const isGivenBack = refund?.state === 'SUCCEEDED' && refund.refundFee === REFUND
  const isPaid = order?.state === 'PAID' && order.totalFee === TOTAL
  return {
    order: JSON.stringify(order),
    isDone: kind === 'payment' ? isPaid : isGivenBack && order?.state === 'PARTIALLY_REFUNDED',
    moves: order?.history.map(({ to }) => to) ?? [],
    events: stage.told(outTradeNo),
  }
}

/** What an attack led to. */
export interface Outcome {
  /** Whose address it was sent to. */
  provider: Provider
  cell: Attempt
  before: State
  after: State
  answers: readonly Answer[]
  /** What was logged and written meanwhile. */
  lines: readonly string[]
  writes: readonly string[]
}

type Judge = (t: Test, outcome: Outcome) => void

const everyAnswer = (t: Test, { answers }: Outcome, expected: Answer) => {
  for (const answer of answers) t.strictSame(answer, expected, 'the same bytes as always')
}

const turnedAway =
  (answerOf: (provider: Provider) => Answer): Judge =>
  (t, outcome) => {
    const { provider, before, after, lines, writes, cell } = outcome
    everyAnswer(t, outcome, answerOf(provider))
    t.strictSame(after, before, 'nothing moved')
    t.strictSame(new Set(writes), new Set(['notices.keepRefused']), 'evidence, and nothing else')
    const [log = '{}'] = lines
    const notes = [{ reason: new RegExp(`^${cell.why}`) }]
    t.match(JSON.parse(log), { errCode: 'NOTICE_REFUSED', notes }, 'for this reason, and the log knows')
  }

const told = ({ before, after }: Outcome): PendingEvent[] => after.events.slice(before.events.length)

/** Nothing moves, and the merchant is told of it; of a refund of Alipay's, which tells of the payment too, twice. */
const reported =
  (answerOf: (provider: Provider) => Answer, type: string, data: object = {}): Judge =>
  (t, outcome) => {
    everyAnswer(t, outcome, answerOf(outcome.provider))
    t.equal(outcome.after.order, outcome.before.order, 'the order stays')
    const events = told(outcome)
    const most = outcome.provider === 'alipay' ? 2 : 1
    t.ok(events.length >= 1 && events.length <= most, 'told once')
    for (const event of events) t.match({ ...event, data: JSON.parse(event.data) }, { type, data })
  }

export const judges: Readonly<Record<Verdict, Judge>> = {
  refused: turnedAway(refusal),
  nobody: turnedAway(() => NOBODY),
  contradiction: reported(refusal, 'payment.contradiction', { expected: { totalFee: TOTAL } }),
  unmatched: reported(accepted, 'payment.unmatched'),
  acknowledged(t, outcome) {
    everyAnswer(t, outcome, accepted(outcome.provider))
    t.strictSame(outcome.after, outcome.before, 'nothing moved')
  },
  believed(t, outcome) {
    everyAnswer(t, outcome, accepted(outcome.provider))
    t.notOk(outcome.before.isDone)
    t.ok(outcome.after.isDone, 'the order moved')
  },
}
