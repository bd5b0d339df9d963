import { alipayAppsOf, merchantsOf } from './accounts.js'
import { NoAnswer, NotYet } from './hindrance.js'
import { tokenApps } from './weixinProbe.js'
import { PATIENCE_MS, type World } from './world.js'

/** How far ours is ahead of a provider's, in milliseconds; a second more or less shows nothing. */
export interface Offset {
  host: string
  ms: number
}

/** WeChat Pay V3 and our own readers of notices believe nothing that is further off. Milliseconds. */
export const TOO_FAR_MS = 300_000

/** The providers of this deployment, with whose certificate to trust where it is not a usual one. */
function providers(world: World): { url: string; ca?: string }[] {
  const pay = tolerant(() => merchantsOf(world)).map(({ baseUrl, ca }) => ({
    url: baseUrl,
    ...(ca === undefined ? {} : { ca }),
  }))
  const api = tolerant(() => tokenApps(world)).map(() => ({
    url: world.settings.get('WEIXIN_API_BASE_URL') ?? 'https://api.weixin.qq.com',
  }))
  const alipay = tolerant(() => alipayAppsOf(world)).map(({ gateway }) => ({ url: gateway }))
  return [...pay, ...api, ...alipay]
}

/** Settings that cannot be read are the finding of another check; the rest still tells the time. */
function tolerant<Account>(read: () => Account[]): Account[] {
  try {
    return read()
  } catch {
    return []
  }
}

/**
 * The offset by the first provider that answers; undefined when there is none to ask. Rejects with {@link NoAnswer}
 * when none of them answers, which is how the doctor knows that it has no network.
 */
export const clockOffset = (world: World): Promise<Offset | undefined> =>
  world.once('clock', async () => {
    let failure: NoAnswer | undefined
    const asked = new Set<string>()
    for (const { url, ca } of providers(world)) {
      const { origin } = new URL(url)
      if (asked.has(origin)) continue
      asked.add(origin)
      try {
        const offset = await offsetBy(world, origin, ca)
        if (offset) return offset
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        failure = error
      }
    }
    if (failure) throw failure
    return undefined
  })

async function offsetBy(
  { http, clock }: World,
  origin: string,
  ca: string | undefined,
): Promise<Offset | undefined> {
  const sentAt = clock.now()
  const { headers } = await http.request({
    ...{ method: 'GET', url: `${origin}/`, timeoutMs: PATIENCE_MS, maxBytes: 1024 * 1024 },
    ...(ca === undefined ? {} : { ca }),
  })
  const date = Date.parse(headers.date ?? '')
  if (Number.isNaN(date)) return undefined
  // The header was written between the two moments, and has lost up to a second.
  return { host: new URL(origin).host, ms: (sentAt + clock.now()) / 2 - (date + 500) }
}

/** Keeps a refusal that a wrong clock explains from being blamed on keys. */
export async function blameClock(world: World): Promise<void> {
  const offset = await clockOffset(world).catch(() => undefined)
  if (offset && Math.abs(offset.ms) >= TOO_FAR_MS) throw new NotYet('clock-first')
}

/** Whether any provider answered: then an address of our own that does not is at fault, and not the network. */
export const hasNetwork = async (world: World): Promise<boolean> =>
  clockOffset(world).then(
    () => true,
    () => false,
  )
