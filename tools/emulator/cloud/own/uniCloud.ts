import type { CloudContext } from '../calls.js'
import { runningFunction } from '../calls.js'
import { callAsServer } from '../unicloud/call.js'

interface FunctionCall {
  name: string
  data?: object
}

/** As much of the global `uniCloud` as functions here can have. */
export interface OwnUniCloud {
  callFunction(call: FunctionCall): Promise<{ success: true; result: unknown }>
  database(): never
}

/**
 * Puts `uniCloud` onto the global object, for a developer's own functions alone: the built ones find their host
 * elsewhere, and must not take this for the cloud. Answers how to take it away.
 */
export function installUniCloud(cloud: CloudContext, isOwn: (name: string) => boolean): () => void {
  const uniCloud: OwnUniCloud = {
    // The rank of a server: what is called so may make orders, as in the cloud.
    callFunction: async ({ name, data = {} }) => ({
      success: true,
      result: await callAsServer(cloud, name, data),
    }),
    database() {
      throw new Error('the local cloud has no uniCloud database for your own functions')
    },
  }
  const former = Object.getOwnPropertyDescriptor(globalThis, 'uniCloud')
  const get = () => {
    const name = runningFunction()
    return name !== undefined && isOwn(name) ? uniCloud : undefined
  }
  Object.defineProperty(globalThis, 'uniCloud', { get, configurable: true })
  return () => {
    if (former) Object.defineProperty(globalThis, 'uniCloud', former)
    else Reflect.deleteProperty(globalThis, 'uniCloud')
  }
}
