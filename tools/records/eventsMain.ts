import { systemClock } from '../../shared/clock.js'
import { makeDueAgain } from '../../shared/events/delivery.js'
import { type ListedEvent, listedEvent } from '../../shared/payment/operations/records/eventList.js'
import type { DueEvent, EventState, PageEnd, Store } from '../../shared/store/port.js'
import { argumentsOf, commands, printable, printableJson, progressBar, timeIn } from '../command/index.js'
import { chosenSettings, runCommand } from '../doctor/command.js'
import { settingsFrom } from '../doctor/doctor.js'
import { openRecords } from './open.js'

/** `npm run events -- list | resend`: 0, 1 when an id is not there, 2 when it could not begin. */

interface Found {
  due: DueEvent
  shown: ListedEvent
}

interface Wanted {
  state?: EventState | undefined
  /** Of this order alone. */
  order?: string | undefined
  /** Those that came to be at or after, in milliseconds. */
  since?: number | undefined
  /** These alone: once they are found nothing else is read. */
  ids: readonly string[]
}

/** What holds the wanted events, the oldest first; each way by an index. */
async function* holders(
  { lists, orders }: Store,
  { state, order, since }: Wanted,
): AsyncGenerator<DueEvent['source']> {
  if (order === undefined) {
    for (let after: PageEnd | undefined, begun = false; !begun || after; begun = true) {
      const page = await lists.eventHolders(state, { since, after, limit: 100 })
      yield* page.records
      after = page.end
    }
    return
  }
  for (const record of await orders.findByOutTradeNo(order)) yield { kind: 'order', record }
  const { records } = await lists.notices({ outTradeNo: order }, { limit: 100 })
  for (const record of records) yield { kind: 'notice', record }
}

async function find(store: Store, wanted: Wanted): Promise<Found[]> {
  const { state, since = 0, ids } = wanted
  const found: Found[] = []
  for await (const source of holders(store, wanted)) {
    for (const event of source.record.events) {
      const shown = listedEvent(event, source)
      if (state !== undefined && shown.state !== state) continue
      if (ids.length > 0 ? ids.includes(shown.id) : shown.createdAt >= since) {
        found.push({ due: { event, source }, shown })
      }
    }
    if (ids.length > 0 && found.length >= ids.length) break
  }
  return found
}

function line({ id, type, state, outTradeNo = '-', attempts, createdAt, lastError }: ListedEvent): string {
  const when = new Date(createdAt).toISOString()
  const failed = lastError === undefined || state === 'delivered' ? '' : `  ${lastError}`
  return `${id}  ${when}  ${state}  ${attempts}x  ${type}  ${outTradeNo}${failed}`
}

async function resend(store: Store, found: readonly Found[]): Promise<void> {
  const progress = progressBar(process.stderr)
  for (const [done, { due }] of found.entries()) {
    await makeDueAgain(due, { store, clock: systemClock })
    progress.step(done + 1, found.length)
  }
  progress.end()
}

async function main(): Promise<number> {
  const { values, words } = argumentsOf('events')
  const [verb, ...ids] = words
  if (verb === undefined) throw new Error('list or resend? npm run events -- --help')
  if (verb === 'list' && ids.length > 0) throw new Error('list takes no ids')
  const since = values.since === undefined ? undefined : timeIn('since', values.since)
  const { order } = values
  if (
    verb === 'resend' &&
    [ids.length > 0 || order !== undefined, since !== undefined].filter(Boolean).length !== 1
  ) {
    throw new Error('resend: ids, --order <outTradeNo>, or --since <time>')
  }
  const state = values.state as EventState | undefined
  const store = await openRecords(settingsFrom(chosenSettings(values).settings), values.data)
  try {
    const found = await find(store, { state, order, since, ids })
    // What waits is due anyway.
    const meant =
      verb === 'list' || ids.length > 0 ? found : found.filter(({ shown }) => shown.state !== 'waiting')
    if (verb === 'resend') await resend(store, meant)
    for (const { shown } of meant) console.log(values.json ? printableJson(shown) : printable(line(shown)))
    const missing = ids.filter((id) => !found.some(({ shown }) => shown.id === id))
    for (const id of missing) console.error(`${id} is not there`)
    return missing.length === 0 ? 0 : 1
  } finally {
    await store.close()
  }
}

await runCommand(commands.events.usage, main)
