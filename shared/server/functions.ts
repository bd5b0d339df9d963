import { served as generated } from '../generated/served.js'
import type { Given, LibraryAnswer } from '../library/methods.js'
import type { InputOf, Operation, OutputOf } from '../operation/index.js'
import { clientDoor } from '../runtime/client/door.js'
import { callbackDoor, type Door, serverDoor } from '../runtime/door.js'
import type { Schedule } from './schedule.js'

const served = {
  ...generated,
  openapi: { door: 'client', timeout: 20, load: async () => (await import('../openapi/openapi.js')).openapi },
} as const

type Served = typeof served
type Name = keyof Served
type DeclaredIn<Entry> = Entry extends { load(): Promise<infer Declared> } ? Declared : never

/** The names of what a server may call: everything but what providers call by URL. */
export type CallableName = { [N in Name]: Served[N]['door'] extends 'callback' ? never : N }[Name]

/**
 * Every function as a method for the server's own code, with what servers alone may call among them. Rejects with an
 * `OpenapiError`, whose `errCode` and `errMsg` the documents describe.
 */
export type ServerCalls = {
  readonly [N in CallableName]: (
    ...given: Given<InputOf<DeclaredIn<Served[N]>>>
  ) => Promise<LibraryAnswer<OutputOf<DeclaredIn<Served[N]>>>>
}

/** One function as one's own server serves it. */
export interface ServedFunction {
  name: string
  door: Door
  /** Seconds. */
  timeout: number
  schedule?: Schedule
  isCallback: boolean
  load(): Promise<Operation>
}

const doors: Readonly<Record<Served[Name]['door'], Door>> = {
  client: clientDoor,
  server: serverDoor(false),
  timer: serverDoor(true),
  callback: callbackDoor,
}

interface Entry {
  door: keyof typeof doors
  timeout: number
  every?: string
  at?: string
  load(): Promise<unknown>
}

/** By name. Nothing of an operation loads before its first call. */
export const servedFunctions: ReadonlyMap<string, ServedFunction> = new Map(
  Object.entries(served as Readonly<Record<string, Entry>>).map(
    ([name, { door, every, at, timeout, load }]) => [
      name,
      {
        name,
        door: doors[door],
        timeout,
        isCallback: door === 'callback',
        load: load as () => Promise<Operation>,
        ...(every === undefined ? {} : { schedule: { every, at } }),
      },
    ],
  ),
)
