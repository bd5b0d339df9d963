import { systemClock, systemRandom } from '../clock.js'
import { cloudSources, environmentSource, type SettingName, Settings } from '../config/index.js'
import { NO_DATABASE, openapiError, storeUnavailable } from '../errors/index.js'
import { CLIENT_SECONDS, IDS_OF_TEXTS } from '../generated/editions.js'
import { http } from '../http/http.js'
import type { Context, Operation, Source, UpstreamCall } from '../operation/index.js'
import type { Store, UniCloudDatabase } from '../store/index.js'
import type { Arrival } from './arrival.js'
import type { Door } from './door.js'
import type { ReadingTime } from './functionCompute/arrival.js'
import { currentHost, type Host } from './host.js'
import { mask } from './log.js'

/** What every function may read, whatever its operation declares: where to keep things and who may call. */
const EVERYWHERE: readonly SettingName[] = [
  'MONGODB_URI',
  'CLIENT_HTTP',
  'CLIENT_ORIGINS',
  'OPENAPI_CLIENT_FUNCTIONS',
]

/** What an operation may read behind this door. */
export const settingsOf = (operation: Operation, door: Door): readonly SettingName[] => [
  ...new Set([...EVERYWHERE, ...operation.settings, ...(door.settings?.(operation) ?? [])]),
]

/** What an invocation gathers for its one log line. */
export interface Trace {
  upstream: UpstreamCall[]
  notes: Record<string, unknown>[]
}

/** Builds what the operation may use, for this one call; `declared` is what {@link settingsOf} says. */
export function contextFor(
  declared: readonly SettingName[],
  arrival: Arrival,
  timeout: number,
  host: Host,
): { context: Context; trace: Trace; deadline: number } {
  const clock = host.clock ?? systemClock
  const random = host.random ?? systemRandom
  const sources = host.env ? [environmentSource(host.env)] : cloudSources()
  const settings = new Settings(sources, new Set(declared))
  const trace: Trace = { upstream: [], notes: [] }
  const arrivedAt = arrival.arrivedAt ?? clock.now()
  const deadline = deadlineFor(arrivedAt, arrival.source, timeout, arrival.platformTimeout)
  let store: Promise<Store> | undefined
  const context: Context = {
    source: arrival.source,
    settings,
    store: () =>
      (store ??= inTime(host.store ? Promise.resolve(host.store) : openStore(settings, arrival.edition)).then(
        answeringInTime,
      )),
    hasStore: true,
    http,
    clock,
    random,
    timeLeft: () => deadline - clock.now(),
    requestId: arrival.requestId ?? random.bytes(8).toString('hex'),
    note: (event, fields = {}) => {
      trace.notes.push({ event, ...(mask(fields, settings.secrets()) as object) })
    },
    upstream: (call) => {
      trace.upstream.push(call)
    },
    ...(arrival.client ? { client: arrival.client } : {}),
    ...(arrival.httpCall ? { httpCall: arrival.httpCall } : {}),
  }
  const callFunction = host.callFunction ?? ofUniCloud() ?? ofFunctionCompute(arrival, context, host)
  return { context: callFunction ? { ...context, callFunction } : context, trace, deadline }
}

type CallFunction = Context['callFunction']

interface UniCloudGlobal {
  callFunction?(call: { name: string; data: object }): Promise<{ result: unknown }>
}

function ofUniCloud(): CallFunction {
  const { uniCloud } = globalThis as { uniCloud?: UniCloudGlobal }
  if (typeof uniCloud?.callFunction !== 'function') return undefined
  return async (name, data) => (await uniCloud.callFunction?.({ name, data }))?.result
}

function ofFunctionCompute({ fc }: Arrival, context: Context, { functionCompute }: Host): CallFunction {
  if (!fc) return undefined
  return async (name, data) => {
    const { invokeFunction } = await import('./functionCompute/invoke.js')
    return invokeFunction(name, data, fc, { ...context, endpoint: functionCompute })
  }
}

interface UniCloudGlobal {
  database?(): UniCloudDatabase
}

/** The deployment's store: MongoDB where its URI is set, else uniCloud's own database where there is one. */
async function openStore(settings: Settings, edition = 'aliyun'): Promise<Store> {
  const uri = settings.get('MONGODB_URI')
  const { openMongoStore, openUniCloudStore } = await import('../store/index.js')
  if (uri !== undefined) return openMongoStore(uri)
  const { uniCloud } = globalThis as { uniCloud?: UniCloudGlobal }
  if (typeof uniCloud?.database !== 'function') throw openapiError(NO_DATABASE)
  const store =
    uniCloudStores.get(uniCloud) ?? openUniCloudStore(uniCloud.database(), IDS_OF_TEXTS.has(edition))
  uniCloudStores.set(uniCloud, store)
  return store
}

/**
 * Nobody waits longer than this for one answer of the database, in milliseconds: a client is told within three seconds
 * that it is down, a provider before its patience ends. By the machine's own clock, as the database's time passes.
 */
const STORE_ANSWER_MS = 2800

/** What `work` comes to, or STORE_UNAVAILABLE when that takes too long; whether it did anything stays open then. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  const answered = new AbortController()
  // An answer that came while the process was kept from reading it is still taken.
  const late = systemClock
    .sleep(STORE_ANSWER_MS, answered.signal)
    .then(() => new Promise<void>((resolve) => setImmediate(resolve)))
  try {
    const first = await Promise.race([work.then((result) => ({ result })), late])
    if (first) return first.result
    throw storeUnavailable(new Error(`no answer within ${STORE_ANSWER_MS} ms`))
  } finally {
    answered.abort()
  }
}

const limitedParts = new WeakMap<object, object>()

/** The store whose every call is answered in time. The same for the same store, since what it says is remembered by it. */
function answeringInTime<Part extends object>(part: Part): Part {
  const known = limitedParts.get(part) as Part | undefined
  if (known) return known
  const limited = new Proxy(part, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value === 'object' && value !== null) return answeringInTime(value)
      if (typeof value !== 'function') return value
      return (...given: unknown[]) => inTime(Promise.resolve(Reflect.apply(value, target, given)))
    },
  })
  limitedParts.set(part, limited)
  return limited
}

/** One store per process: what was read once is remembered by the store it came from. */
const uniCloudStores = new WeakMap<UniCloudGlobal, Store>()

/** Nobody waits longer: a client's library gives up, and providers give up on a notice after 5 s. */
const CUT_OFF_SECONDS: Readonly<Partial<Record<Source, number>>> = { client: CLIENT_SECONDS, http: 5 }

/** Kept free for shaping and sending the answer. */
const RESERVE_MS = 500

/** When an answer must be ready (ms): before the function's own limit, the platform's, and the caller's patience. */
function deadlineFor(startedAt: number, source: Source, timeout: number, platformTimeout?: number): number {
  const cutOff = CUT_OFF_SECONDS[source] ?? Number.POSITIVE_INFINITY
  const seconds = Math.min(timeout, platformTimeout ?? timeout, cutOff)
  const wholeMs = seconds * 1000
  return startedAt + Math.max(wholeMs / 2, wholeMs - (source === 'http' ? 2 * RESERVE_MS : RESERVE_MS))
}

/** How long the body of a call by URL that arrives now is waited for: no longer than for its answer. */
export function readingTime(timeout: number, { clock = systemClock }: Host = currentHost()): ReadingTime {
  return { clock, deadline: (platformTimeout) => deadlineFor(clock.now(), 'http', timeout, platformTimeout) }
}
