import type { FunctionConfig } from '../../../../shared/runtime/config.js'
import type { Bundle } from '../bundles.js'
import { type CloudContext, FunctionFailure, runCall } from '../calls.js'
import { fcServiceOf, LOCAL_ACCESS } from '../limits.js'

/** What a handler gets as context, for events and HTTP alike (help.aliyun.com: context-1-1). */
export function fcContext({ log }: CloudContext, config: FunctionConfig, requestId: string) {
  const line = (level: string) => (text: unknown) => log(`${config.name} ${requestId} [${level}] ${text}`)
  return {
    requestId,
    credentials: { accessKeyId: '', accessKeySecret: '', securityToken: '' },
    function: {
      ...{ name: config.name, handler: 'index.handler' },
      ...{ memory: config.memory, timeout: config.timeout },
    },
    service: {
      ...{ name: fcServiceOf(config.group), qualifier: 'LATEST', versionId: '' },
      ...{ logProject: '', logStore: '' },
    },
    region: 'local',
    accountId: LOCAL_ACCESS.accountId,
    tracing: {},
    logger: {
      ...{ debug: line('DEBUG'), info: line('INFO'), log: line('INFO') },
      ...{ warn: line('WARNING'), error: line('ERROR') },
    },
  }
}

/**
 * Runs `exports.handler(event, context, callback)` and answers the bytes Function Compute would send: a Buffer as
 * it is, an object as JSON, anything else as text. Throws `FunctionFailure`.
 */
export async function callFc(
  cloud: CloudContext,
  config: FunctionConfig,
  event: Buffer,
  requestId: string,
): Promise<{ body: Buffer; lines: string[] }> {
  const context = fcContext(cloud, config, requestId)
  const work = (bundle: Bundle) => settled((callback) => bundle.handler(event, context, callback))
  const { result, lines } = await runCall(cloud, { config, requestId, work })
  return { body: bytesOf(result), lines }
}

type Callback = (error: unknown, result?: unknown) => void

/** Both styles of handler: those that call back (all there was up to Node 16) and those that return a promise. */
function settled(invoke: (callback: Callback) => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const returned = invoke((error, result) => {
      if (error === null || error === undefined) resolve(result)
      else reject(handled(error))
    })
    if (isPromise(returned)) returned.then(resolve, reject)
  })
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as Promise<unknown> | undefined)?.then === 'function'

function handled(error: unknown): FunctionFailure {
  if (error instanceof Error) return new FunctionFailure('handled', error.name, error.message)
  return new FunctionFailure('handled', 'Error', String(error))
}

function bytesOf(result: unknown): Buffer {
  if (Buffer.isBuffer(result)) return result
  if (typeof result !== 'object' || result === null) return Buffer.from(String(result ?? ''))
  try {
    return Buffer.from(JSON.stringify(result))
  } catch (error) {
    throw new FunctionFailure('unhandled', 'TypeError', `the result is not JSON: ${(error as Error).message}`)
  }
}
