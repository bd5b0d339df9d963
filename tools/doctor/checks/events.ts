import { eventBody, waitingEvent } from '../../../shared/events/event.js'
import { delivererFor, webhookHeaders } from '../../../shared/events/webhook.js'
import { takesPayments } from '../accounts.js'
import { check } from '../check.js'
import { blameClock, hasNetwork } from '../clockProbe.js'
import type { Finding, Say } from '../finding.js'
import { NoAnswer } from '../hindrance.js'
import { eventsRemarks } from '../remarks/events.js'
import { PATIENCE_MS, type World } from '../world.js'

type Code = keyof typeof eventsRemarks

/** A type of its own and no data: receivers pass over what they do not know. */
const TYPE = 'doctor.ping'

export const events = check({
  id: 'events',
  title: { en: 'Events reach your service', zh: '事件可以送达您的服务' },
  network: true,
  remarks: eventsRemarks,
  async run(world, say) {
    const target = world.settings.get('EVENT_TARGET')
    if (target === undefined) return takesPayments(world) ? [say('unset')] : []
    const name = /^function:(.+)$/.exec(target)?.[1]
    if (name !== undefined) return [say('function-target', { name })]
    // Throws where the settings check has something to say.
    delivererFor(world.context())
    try {
      return [await verdict(world, target, say)]
    } catch (error) {
      if (!(error instanceof NoAnswer) || !(await isItsFault(world))) throw error
      return [say('unreachable', { host: error.host, line: error.lineCode })]
    }
  },
})

/** Without a provider to compare with, nothing excuses an address that does not answer. */
const isItsFault = (world: World): Promise<boolean> => hasNetwork(world)

async function verdict(world: World, url: string, say: Say<Code>): Promise<Finding> {
  const { host } = new URL(url)
  const event = waitingEvent(TYPE, world.random.bytes(12).toString('hex'), {}, world.clock.now())
  const body = eventBody(event)
  const seconds = Math.floor(world.clock.now() / 1000)
  const secret = Buffer.from(world.settings.require('EVENT_SECRET').replace(/^whsec_/, ''), 'base64')
  const signed = webhookHeaders(event.id, seconds, body, secret)
  const { 'webhook-signature': _signature, ...unsigned } = signed
  const status = await post(world, url, body, signed)
  if (status === 401 || status === 403) {
    await blameClock(world)
    return say('signature-refused', { host, status })
  }
  if (!isSuccess(status)) return say('failing', { host, status })
  const isOpen = isSuccess(await post(world, url, body, unsigned))
  return say(isOpen ? 'takes-unsigned' : 'delivered', { host })
}

const isSuccess = (status: number): boolean => status >= 200 && status <= 299

async function post(
  { http }: World,
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<number> {
  const request = { method: 'POST', url, headers, body, timeoutMs: PATIENCE_MS, maxBytes: 64 * 1024 } as const
  return (await http.request(request)).status
}
