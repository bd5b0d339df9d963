import { request } from 'node:http'
import type { Test } from 'tap'
import { systemClock } from '../../../shared/clock.js'
import type { FunctionConfig } from '../../../shared/runtime/config.js'
import {
  type LocalCloud,
  type LocalCloudOptions,
  startLocalCloud,
} from '../../../tools/emulator/cloud/index.js'

interface Source {
  /** Text of `index.js`, CommonJS. */
  code: string
  config?: Partial<FunctionConfig>
}

/** A `dist` folder as the build leaves it, of functions written by hand. */
export function distOf(t: Test, functions: Record<string, Source>): string {
  const names = Object.keys(functions)
  return t.testdir({
    'functions.json': JSON.stringify(names.map((name) => configOf(name, functions[name]?.config))),
    functions: Object.fromEntries(
      names.map((name) => [
        name,
        { 'index.js': functions[name]?.code ?? '', 'package.json': '{ "type": "commonjs" }' },
      ]),
    ),
  })
}

const configOf = (name: string, changes: Partial<FunctionConfig> = {}): FunctionConfig => ({
  ...{ name, operation: name, title: { en: name, zh: name }, doc: 'https://example.com', group: 'weixin' },
  ...{ reach: 'client', path: `/${name}`, memory: 256, timeout: 20, settings: [] },
  ...changes,
})

/** Both entries show what they were given. */
export const ECHO: Source = {
  code: `
exports.main = async (event, context) => ({ event, context })
exports.handler = (event, context, callback) => callback(null, { event: event.toString(), context })
`,
}

export interface OpenedCloud {
  cloud: LocalCloud
  lines: string[]
}

/** A local cloud over hand-made functions, closed with the test. */
export async function openLocalCloud(
  t: Test,
  functions: Record<string, Source>,
  options: Partial<LocalCloudOptions> = {},
): Promise<OpenedCloud> {
  const lines: string[] = []
  const log = (line: string) => {
    lines.push(line)
  }
  const cloud = await startLocalCloud({
    ...{ dist: distOf(t, functions), env: {}, clock: systemClock, log },
    ...options,
  })
  t.teardown(() => cloud.close())
  return { cloud, lines }
}

/** What a promise was rejected with. A page's own error class is not ours, so it is compared by its members. */
export const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'not rejected',
    (error: unknown) => error,
  )

/** Waits until the functions or the local cloud logged a line that contains `text`. */
export async function logged({ lines }: OpenedCloud, text: string): Promise<void> {
  while (!lines.some((line) => line.includes(text))) await systemClock.sleep(1)
}

export interface PlainAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  text: string
}

/** One plain HTTP request: `fetch` would not let a test choose the `Host`. */
export function plain(
  url: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const { statusCode = 0, headers: received } = response
        resolve({ status: statusCode, headers: received, text: Buffer.concat(chunks).toString() })
      })
    })
    call.on('error', reject)
    call.end(body)
  })
}
