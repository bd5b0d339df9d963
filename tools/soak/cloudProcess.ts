import { storeUnavailable } from '../../shared/errors/index.js'
import { currentHost } from '../../shared/runtime/host.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import type { Store } from '../../shared/store/port.js'
import { type MovedClock, movedClock } from '../demo/day/movedClock.js'
import { type LocalCloud, startLocalCloud } from '../emulator/cloud/index.js'

/**
 * The process that the soak kills: the local cloud over the built functions, with the store in it. It is told what to do
 * by messages of its parent, and ends with it.
 */

export interface CloudStart {
  dist: string
  env: Record<string, string>
  port: number
  /** Of the embedded store; absent where the functions open MongoDB by themselves. */
  folder?: string
  /** What the clock says now, in milliseconds. */
  now: number
}

/** What the parent asks for; each is answered by a {@link CloudReply} of its number. */
export type CloudRequest = { id: number } & (
  | { do: 'start'; start: CloudStart }
  | { do: 'call'; name: string; data: object }
  | { do: 'fire'; name: string }
  | { do: 'move'; ms: number }
  | { do: 'cut'; isCut: boolean }
)

export interface CloudReply {
  id: number
  result?: unknown
  error?: string
}

let cloud: LocalCloud | undefined
let clock: MovedClock | undefined
let isCut = false

/** A store that can be cut off: calls fail, and of those under way it stays open whether they did anything. */
function breakable(store: Store): Store {
  const throughCable =
    (method: (...args: unknown[]) => Promise<unknown>, owner: object) =>
    async (...args: unknown[]): Promise<unknown> => {
      const check = () => {
        if (isCut) throw storeUnavailable(new Error('the store is cut off'))
      }
      check()
      const result = await method.apply(owner, args)
      check()
      return result
    }
  const part = (owner: object): object =>
    new Proxy(owner, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? throughCable(value as never, target) : value
      },
    })
  const parts = Object.entries(store).map(([name, value]) => [
    name,
    typeof value === 'object' && value !== null ? part(value as object) : value,
  ])
  return Object.fromEntries(parts) as Store
}

async function start({ dist, env, port, folder, now }: CloudStart): Promise<void> {
  clock = movedClock(now)
  const store = folder === undefined ? undefined : breakable(await openEmbeddedStore(folder))
  cloud = await startLocalCloud({ dist, env, port, clock, ...(store ? { store } : {}) })
}

async function answer(request: CloudRequest): Promise<unknown> {
  if (request.do === 'start') return start(request.start)
  if (request.do === 'call') return currentHost().callFunction?.(request.name, request.data)
  if (request.do === 'fire') return cloud?.fire(request.name)
  if (request.do === 'move') return clock?.move(request.ms)
  isCut = request.isCut
  return undefined
}

process.on('disconnect', () => process.exit())
process.on('message', (request: CloudRequest) => {
  const reply = (outcome: Omit<CloudReply, 'id'>) => process.send?.({ id: request.id, ...outcome })
  answer(request).then(
    (result) => reply({ result }),
    (error: unknown) => reply({ error: error instanceof Error ? error.message : String(error) }),
  )
})
