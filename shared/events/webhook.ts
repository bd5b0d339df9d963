import { invalidSetting, type SettingName } from '../config/index.js'
import { hmacSha256 } from '../crypto/digest.js'
import { EVENT_NOT_DELIVERED, type OpenapiError, openapiError } from '../errors/index.js'
import type { Context } from '../operation/index.js'
import type { PendingEvent } from '../store/port.js'
import { eventBody } from './event.js'

/** Takes one event to the merchant within `timeoutMs`; rejects when it did not arrive or was not accepted. */
export type Deliverer = (event: PendingEvent, timeoutMs: number) => Promise<void>

/** The settings that say where events go. */
export const eventSettings: readonly SettingName[] = ['EVENT_TARGET', 'EVENT_SECRET']

type Means = Pick<Context, 'settings' | 'http' | 'clock' | 'callFunction'>

/** The way to EVENT_TARGET; undefined when there is none, and events wait until there is. */
export function delivererFor(means: Means): Deliverer | undefined {
  const target = means.settings.get('EVENT_TARGET')
  if (target === undefined) return undefined
  const name = /^function:((?:[A-Za-z_][\w-]{0,127}\/)?[A-Za-z_][\w-]{0,127})$/.exec(target)?.[1]
  if (name !== undefined) return toFunction(name, means)
  if (isSafeUrl(target)) return toUrl(target, secretBytes(means), means)
  throw invalidSetting('EVENT_TARGET', 'neither an https URL nor function:<name>')
}

/** Plain http is for a listener on the same machine. */
function isSafeUrl(target: string): boolean {
  if (!URL.canParse(target)) return false
  const { protocol, hostname } = new URL(target)
  return (
    protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
  )
}

function secretBytes({ settings }: Means): Buffer {
  const base64 = /^whsec_([A-Za-z0-9+/]{22,}={0,2})$/.exec(settings.require('EVENT_SECRET'))?.[1]
  if (base64 === undefined)
    throw invalidSetting('EVENT_SECRET', 'expected whsec_ and the base64 of 16 bytes or more')
  return Buffer.from(base64, 'base64')
}

/**
 * The headers of https://www.standardwebhooks.com: a receiver checks them with any of that standard's libraries.
 * `seconds` is the time of this attempt, since receivers refuse old ones.
 */
export function webhookHeaders(
  id: string,
  seconds: number,
  body: string,
  secret: Buffer,
): Record<string, string> {
  const signature = hmacSha256(secret, `${id}.${seconds}.${body}`).toString('base64')
  return {
    'content-type': 'application/json; charset=utf-8',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${signature}`,
  }
}

function toUrl(url: string, secret: Buffer, { http, clock }: Means): Deliverer {
  return async (event, timeoutMs) => {
    const body = eventBody(event)
    const headers = webhookHeaders(event.id, Math.floor(clock.now() / 1000), body, secret)
    const { status } = await http.request({
      method: 'POST',
      url,
      headers,
      body,
      timeoutMs,
      maxBytes: 64 * 1024,
    })
    if (status < 200 || status > 299) throw refused(`answered HTTP ${status}`)
  }
}

/** The function gets what a URL would, with the event's id in it. Only our own functions can be called so. */
function toFunction(name: string, { callFunction, clock }: Means): Deliverer {
  return async (event, timeoutMs) => {
    if (!callFunction)
      throw refused(
        'is a function, and functions cannot be called from here: on Function Compute this function needs a role; an https URL works everywhere',
      )
    const call = callFunction(name, { id: event.id, ...JSON.parse(eventBody(event)) })
    const done = new AbortController()
    const tooLate = clock
      .sleep(timeoutMs, done.signal)
      .then(() => Promise.reject(refused('did not answer in time')))
    tooLate.catch(() => undefined)
    try {
      if (!accepts(await Promise.race([call, tooLate]))) throw refused('answered with an errCode')
    } finally {
      done.abort()
      call.catch(() => undefined)
    }
  }
}

function accepts(answer: unknown): boolean {
  const code = typeof answer === 'object' && answer !== null && 'errCode' in answer ? answer.errCode : 0
  return code === 0 || code === undefined
}

const refused = (what: string): OpenapiError => openapiError(EVENT_NOT_DELIVERED, { problem: what })
