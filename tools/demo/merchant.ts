import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { type Clock, systemClock } from '../../shared/clock.js'

export interface MerchantEvent {
  id: string
  type: string
  data: Record<string, unknown>
}

/** The merchant's own service: takes an event only when its signature holds. */
export interface Merchant {
  /** Goes into `EVENT_TARGET`. */
  url: string
  /** Verified events, in the order of arrival; a repeated one is answered but not listed again. */
  events: readonly MerchantEvent[]
  /** How many messages were refused. */
  refused(): number
  close(): Promise<void>
}

export interface MerchantOptions {
  /** Hears of every event that is taken. */
  tell?: (event: MerchantEvent) => void
  /** Whether it takes this genuine event now; else it answers 503. */
  isUp?: (event: MerchantEvent) => boolean
  /** Its own idea of the time: messages of another time are refused. */
  clock?: Clock
}

/** Starts the service on a free loopback port. `secret` is `EVENT_SECRET`: `whsec_` and base64. */
export async function openMerchant(secret: string, options: MerchantOptions = {}): Promise<Merchant> {
  const { tell = () => undefined, isUp = () => true, clock = systemClock } = options
  const events: MerchantEvent[] = []
  const ids = new Set<string>()
  let refusals = 0
  const server = createServer(async (request, response) => {
    const event = await verifiedEvent(request, secret, clock)
    if (event && !isUp(event)) return void response.writeHead(503).end()
    if (!event) refusals++
    else if (!ids.has(event.id)) {
      ids.add(event.id)
      events.push(event)
      tell(event)
    }
    response.writeHead(event ? 204 : 401).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`,
    events,
    refused: () => refusals,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Older or newer messages than this are not taken, in seconds. */
const TOLERANCE = 300

/**
 * The check of the Standard Webhooks library, as any merchant would make it; but for the time, which the library takes
 * from the machine's clock alone.
 */
async function verifiedEvent(
  request: IncomingMessage,
  secret: string,
  clock: Clock,
): Promise<MerchantEvent | undefined> {
  const text = (name: string) => String(request.headers[`webhook-${name}`] ?? '')
  const [id, seconds, signatures] = [text('id'), Number(text('timestamp')), text('signature').split(' ')]
  const body = (await buffer(request)).toString('utf8')
  const age = clock.now() / 1000 - seconds
  if (!(Math.abs(age) <= TOLERANCE)) return undefined
  if (!signatures.includes(new Webhook(secret).sign(id, new Date(seconds * 1000), body))) return undefined
  const message = JSON.parse(body) as Omit<MerchantEvent, 'id'>
  return { id, type: message.type, data: message.data }
}
