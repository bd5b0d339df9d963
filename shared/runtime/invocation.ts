import { systemClock, systemRandom } from '../clock.js'
import { cloudSources, environmentSource, type SettingName, Settings } from '../config/index.js'
import { http } from '../http/index.js'
import type { Context, Operation, UpstreamCall } from '../operation/index.js'
import type { Store } from '../store/port.js'
import type { Arrival } from './arrival.js'
import { deadlineFor } from './deadline.js'
import type { Door } from './door.js'
import { currentHost, type Host } from './host.js'
import { mask } from './log.js'
import { openStore } from './openStore.js'

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
): { context: Context; trace: Trace; deadline: number } {
  const host = currentHost()
  const clock = host.clock ?? systemClock
  const random = host.random ?? systemRandom
  const sources = host.env ? [environmentSource(host.env)] : cloudSources()
  const settings = new Settings(sources, new Set(declared))
  const trace: Trace = { upstream: [], notes: [] }
  const deadline = deadlineFor(clock.now(), arrival.source, timeout, arrival.platformTimeout)
  let store: Promise<Store> | undefined
  const context: Context = {
    source: arrival.source,
    settings,
    store: () => (store ??= host.store ? Promise.resolve(host.store) : openStore(settings)),
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
