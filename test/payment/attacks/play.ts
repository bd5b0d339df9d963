import t, { type Test } from 'tap'
import { judges, type Outcome, stateOf } from './judges.js'
import { openStage, type Stage } from './stage.js'
import {
  cellOf,
  type Genuine,
  type Kind,
  kinds,
  type Letter,
  type Provider,
  providers,
  type Row,
} from './table.js'
import * as v3 from './weixinV3.js'
import { accepted } from './words.js'

/** Far more than any cell takes: the providers wait for five seconds. Of this process's own time, not of a busy machine's. */
const BOUND_MS = 5000

/** Between two cells, so that the diagnosis, which examines thirty refusals a minute, sees every one. */
const REST_MS = 2000

/** Plays every row with every provider and kind, each cell on an order of its own. */
export function play(theme: string, rows: readonly Row[]): void {
  t.test(theme, async (t) => {
    t.equal(new Set(rows.map(({ name }) => name)).size, rows.length, 'no row stands there twice')
    const stage = await openStage(t)
    for (const provider of providers) {
      for (const kind of kinds) {
        await t.test(`${provider}, ${kind}`, async (t) => {
          for (const row of rows) await playCell(t, stage, row, provider, kind)
        })
      }
    }
    t.notOk('polluted' in {}, 'no field reached into the language')
  })
}

async function playCell(t: Test, stage: Stage, row: Row, provider: Provider, kind: Kind): Promise<void> {
  const cell = cellOf(row, provider, kind)
  if ('none' in cell) return t.comment(`${row.name}: ${cell.none}`)
  await t.test(row.name, async (t) => {
    await stage.clock.advance(REST_MS)
    const genuine = await stage.genuine(provider, kind)
    if (row.told) t.match(await stage.post(genuine.letter), accepted(provider), 'told before')
    if (row.later !== undefined) await stage.clock.advance(row.later)
    const before = await stateOf(stage, genuine)
    const letter = cell.make(genuine)
    const happened = await attack(t, stage, letter, cell.copies)
    noSecrets(t, happened.lines, genuine)
    const after = await stateOf(stage, genuine)
    judges[cell.verdict](t, { provider: addressee(letter, provider), cell, before, after, ...happened })
    // A provider that contradicts itself has nothing genuine left to say.
    if (cell.verdict !== 'contradiction') await comesThrough(t, stage, genuine)
  })
}

/** In whose words the answer is given: those of the address, whoever sent the message. */
const addressee = ({ path }: Letter, sender: Provider): Provider =>
  providers.find((provider) => path.split('/')[1] === provider) ?? sender

async function attack(
  t: Test,
  { lines, writes, post }: Stage,
  letter: Letter,
  copies: number,
): Promise<Pick<Outcome, 'answers' | 'lines' | 'writes'>> {
  lines.length = 0
  writes.length = 0
  const startedAt = process.cpuUsage()
  const answers = await Promise.all(Array.from({ length: copies }, () => post(letter)))
  const { user, system } = process.cpuUsage(startedAt)
  const ms = (user + system) / 1000
  t.ok(ms < BOUND_MS, `answered after ${Math.round(ms)} ms`)
  const fallen = lines.filter((line) => !line.startsWith('{'))
  t.strictSame(fallen, [], 'no function fell')
  return { answers, lines: [...lines], writes: [...writes] }
}

function noSecrets(t: Test, lines: readonly string[], { platforms }: Genuine): void {
  const secrets = [platforms.merchant.key, platforms.merchant.v3Key, 'PRIVATE KEY']
  t.notOk(
    secrets.some((secret) => lines.join().includes(secret)),
    'no secret is logged',
  )
}

/** The provider comes again with the truth, which counts now if it did not before, and once. */
async function comesThrough(t: Test, stage: Stage, genuine: Genuine): Promise<void> {
  t.match(await stage.post(again(genuine)), accepted(genuine.provider), 'the genuine message is understood')
  const { isDone, moves, events } = await stateOf(stage, genuine)
  t.ok(isDone, 'and counts')
  const isRefund = genuine.kind === 'refund'
  const way = ['CREATED', 'PAYING', 'PAID', ...(isRefund ? ['PARTIALLY_REFUNDED'] : [])]
  t.strictSame(moves, way, 'once')
  const own = events.map(({ type }) => type).filter((type) => type !== 'payment.unmatched')
  t.strictSame(own, ['payment.paid', ...(isRefund ? ['refund.succeeded'] : [])], 'and is told once')
}

/** V3 signs every attempt anew; the others send the same bytes. */
const again = (genuine: Genuine): Letter =>
  genuine.provider === 'weixin-v3' ? v3.notice({})(genuine) : genuine.letter
