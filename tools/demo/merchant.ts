import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'

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

/** Starts the service on a free loopback port. `secret` is `EVENT_SECRET`: `whsec_` and base64. */
export async function openMerchant(
  secret: string,
  tell: (event: MerchantEvent) => void = () => undefined,
): Promise<Merchant> {
  const events: MerchantEvent[] = []
  let refusals = 0
  const server = createServer(async (request, response) => {
    const event = await verifiedEvent(request, secret)
    if (!event) refusals++
    else if (!events.some(({ id }) => id === event.id)) {
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

/** The check of the Standard Webhooks library, as any merchant would make it. */
async function verifiedEvent(request: IncomingMessage, secret: string): Promise<MerchantEvent | undefined> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
  )
  try {
    const body = (await buffer(request)).toString('utf8')
    const message = new Webhook(secret).verify(body, headers) as Omit<MerchantEvent, 'id'>
    return { id: headers['webhook-id'] ?? '', type: message.type, data: message.data }
  } catch {
    return undefined
  }
}
