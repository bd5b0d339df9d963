import { MAX_PAGE } from './documents.js'
import type { DueEvent, EventStore, NoticeRecord, OrderRecord } from './port.js'
import type { Revisions } from './revisions.js'

export function eventStore(orders: Revisions<OrderRecord>, notices: Revisions<NoticeRecord>): EventStore {
  return {
    async due(now, limit) {
      const filter = { nextEventAt: { $lte: now } }
      const selection = { sort: 'nextEventAt', limit: Math.min(limit, MAX_PAGE) }
      const [dueOrders, dueNotices] = await Promise.all([
        orders.find(filter, selection),
        notices.find(filter, selection),
      ])
      const sources: DueEvent['source'][] = [
        ...dueOrders.map((record) => ({ kind: 'order', record }) as const),
        ...dueNotices.map((record) => ({ kind: 'notice', record }) as const),
      ]
      return sources
        .map((source) => dueOf(source, now))
        .sort((one, other) => firstDue(one) - firstDue(other))
        .slice(0, limit)
        .flat()
        .sort((one, other) => one.event.dueAt - other.event.dueAt)
    },
  }
}

const dueOf = (source: DueEvent['source'], now: number): DueEvent[] =>
  source.record.events.filter(({ dueAt }) => dueAt <= now).map((event) => ({ event, source }))

const firstDue = (due: DueEvent[]): number => Math.min(...due.map(({ event }) => event.dueAt))
