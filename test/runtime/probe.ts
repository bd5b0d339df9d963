import * as v from 'valibot'
import type { Context, Operation } from '../../shared/operation/index.js'
import { HOST, type Host } from '../../shared/runtime/index.js'

/** An operation that answers what it was given, so that a test sees what the front door made of a call. */
export const probe = (changes: Partial<Operation> = {}): Operation => ({
  name: 'probe',
  doc: 'https://example.com/probe',
  title: { en: 'probe', zh: '探针' },
  input: v.looseObject({}),
  reach: 'client',
  session: 'none',
  repeat: 'safe',
  settings: [],
  async run(input: unknown, context: Context) {
    return {
      seen: {
        source: context.source,
        input: input ?? null,
        ...(context.client ? { client: context.client } : {}),
        ...(context.httpCall
          ? { http: { ...context.httpCall, rawBody: context.httpCall.rawBody.toString('base64') } }
          : {}),
      },
    }
  },
  ...changes,
})

/** A callback in place of the probe: only URL calls reach it, and its answer is the caller's own language. */
export const callbackProbe = (): Operation =>
  probe({
    reach: 'callback',
    reply: (result) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(result),
    }),
  })

/** Runs `work` with this host in place, collecting the log lines. */
export async function withHost<T>(host: Host, work: (log: string[]) => Promise<T>): Promise<T> {
  const log: string[] = []
  const globals = globalThis as { [HOST]?: Host }
  globals[HOST] = { env: {}, log: (line) => log.push(line), ...host }
  try {
    return await work(log)
  } finally {
    delete globals[HOST]
  }
}
