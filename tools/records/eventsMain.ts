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

/** Every event that is kept, the oldest first. */
async function* everyEvent({ lists }: Store, state: EventState | undefined): AsyncGenerator<Found> {
  for (let after: PageEnd | undefined, begun = false; !begun || after; begun = true) {
    const page = await lists.eventHolders(state, { after, limit: 100 })
    for (const source of page.records) {
      for (const event of source.record.events) {
        yield { due: { event, source }, shown: listedEvent(event, source) }
      }
    }
    after = page.end
  }
}

async function find(
  store: Store,
  state: EventState | undefined,
  isMeant: (event: ListedEvent) => boolean,
): Promise<Found[]> {
  const found: Found[] = []
  for await (const each of everyEvent(store, state)) {
    if ((state === undefined || each.shown.state === state) && isMeant(each.shown)) found.push(each)
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
  if (verb === 'resend' && (ids.length === 0) === (since === undefined)) {
    throw new Error('resend: either ids or --since <time>')
  }
  const state = values.state as EventState | undefined
  const store = await openRecords(settingsFrom(chosenSettings(values).settings), values.data)
  try {
    const isMeant = (event: ListedEvent) =>
      ids.length > 0 ? ids.includes(event.id) : event.createdAt >= (since ?? 0)
    const found = await find(store, state, isMeant)
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
