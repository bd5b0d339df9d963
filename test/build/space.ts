import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import { buildUniCloud, copyFolder } from '../../tools/build/unicloud/index.js'
import { type EditionName, editions } from '../../tools/clouds/index.js'
import { bare } from '../support/nodes.js'
import { buildHost } from './host.js'
import type { Answered, Asked } from './spaceHost.js'

/** What `npm run build` left. */
export const DIST = join(import.meta.dirname, '..', '..', 'dist')

export type Fields = Record<string, unknown>

/** A simulated uniCloud space, whose functions run in a process of their own. */
export interface Space {
  /** Where its functions answer URL calls. */
  url: string
  call(name: string, data?: Fields, source?: 'client' | 'function' | 'timing'): Promise<Fields>
  /** The documents of a collection. */
  contents(collection: string): Promise<Fields[]>
  /** Files that were loaded from elsewhere than the uploaded folders. */
  foreign(): Promise<unknown>
  /** What the functions logged. */
  lines: readonly string[]
}

interface SpaceOptions {
  /** Path of the Node that runs the functions. */
  node: string
  /** Alibaba's unless said otherwise. */
  edition?: EditionName
  /** `unicloud-openapi/config.json` of uni-config-center, once the space's address is known. */
  settings(url: string): object
  /** The user's own functions: text of `index.js` by name. */
  own?: Readonly<Record<string, string>>
}

/** Uploads what the build laid out for uniCloud, copied elsewhere, to a space that lives until the test is over. */
export async function openSpace(
  t: Test,
  { node, settings, own = {}, edition = 'aliyun' }: SpaceOptions,
): Promise<Space> {
  // Outside of the clone, whose packages a forgotten one could be found among.
  const folder = await mkdtemp(join(tmpdir(), 'uniCloud-space-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const paths = new Map<string, string>()
  const asking: { ask?: (asked: Omit<Asked, 'id'>) => Promise<unknown> } = {}
  const ask = (asked: Omit<Asked, 'id'>) => asking.ask?.(asked) ?? Promise.reject(new Error('not open yet'))
  const url = await listen(t, (request, response) => answerUrl(paths, ask, request, response))
  await upload(folder, { settings: settings(url), own, edition }, paths)
  const lines: string[] = []
  const child = await start({ folder, node, edition }, lines)
  t.teardown(() => child.kill())
  asking.ask = asker(child)
  return {
    ...{ url, lines },
    call: async (name, event = {}, source = 'client') =>
      (await ask({ call: { name, event, source } })) as Fields,
    contents: async (contents) => (await ask({ contents })) as Fields[],
    foreign: () => ask({}),
  }
}

/**
 * What HBuilderX does with the folders, as far as it is documented: each function gets the common modules it depends on
 * into its `node_modules`, and the path that its `package.json` names.
 */
async function upload(
  folder: string,
  { settings, own, edition }: { settings: object; own: SpaceOptions['own']; edition: EditionName },
  paths: Map<string, string>,
) {
  const cloud = join(folder, 'space')
  await buildUniCloud(DIST, { out: cloud, args: [edition] })
  const center = join(cloud, 'cloudfunctions', 'common', 'uni-config-center')
  await writeFile(join(center, 'unicloud-openapi', 'config.json'), JSON.stringify(settings))
  copyFolder(join(import.meta.dirname, 'uni-config-center'), center)
  for (const [name, code] of Object.entries(own ?? {}))
    await writeOwn(join(cloud, 'cloudfunctions', name), code)
  for (const name of await readdir(join(cloud, 'cloudfunctions'))) {
    if (name !== 'common') await deploy(join(cloud, 'cloudfunctions', name), name, paths)
  }
}

const MODULES = ['uni-config-center', 'unicloud-openapi']

async function writeOwn(folder: string, code: string): Promise<void> {
  await mkdir(folder)
  await writeFile(join(folder, 'index.js'), code)
  const dependencies = Object.fromEntries(MODULES.map((module) => [module, `file:../common/${module}`]))
  await writeFile(join(folder, 'package.json'), JSON.stringify({ dependencies }))
}

interface Manifest {
  dependencies: Record<string, string>
  'cloudfunction-config'?: { path?: string }
}

async function deploy(folder: string, name: string, paths: Map<string, string>): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
  for (const [module, place] of Object.entries(manifest.dependencies)) {
    const from = join(folder, place.replace(/^file:/, ''))
    copyFolder(from, join(folder, 'node_modules', module))
  }
  const path = manifest['cloudfunction-config']?.path
  if (path !== undefined) paths.set(path, name)
}

async function start(
  { folder, node, edition }: { folder: string; node: string; edition: EditionName },
  lines: string[],
): Promise<ChildProcess> {
  const host = join(folder, 'host.cjs')
  await buildHost('spaceHost', host)
  const { PATH } = process.env
  const child = spawn(...bare(node, host, join(folder, 'space')), {
    env: { PATH, EDITION: edition, TZ: editions[edition].timeZone.value },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => lines.push(...text.split('\n').filter(Boolean)))
  }
  return child
}

function asker(child: ChildProcess): (asked: Omit<Asked, 'id'>) => Promise<unknown> {
  const waiting = new Map<number, (answered: Answered) => void>()
  let id = 0
  child.on('message', (answered: Answered) => waiting.get(answered.id)?.(answered))
  child.on('exit', (code) => {
    for (const [id, settle] of waiting) settle({ id, error: `the space's process ended with ${code}` })
  })
  return async (asked) => {
    const own = ++id
    const answered = await new Promise<Answered>((resolve) => {
      waiting.set(own, resolve)
      child.send({ ...asked, id: own })
    })
    waiting.delete(own)
    if (answered.error !== undefined) throw new Error(answered.error)
    return answered.result
  }
}

type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<void>

async function listen(t: Test, answer: Listener): Promise<string> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => response.writeHead(500).end(error.message))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

interface Composed {
  mpserverlessComposedResponse: true
  statusCode: number
  headers: Record<string, string>
  body: string
  isBase64Encoded: boolean
}

/** A URL call as uniCloud passes it on: the path from behind the configured one, XML always as base64. */
async function answerUrl(
  paths: ReadonlyMap<string, string>,
  ask: (asked: Omit<Asked, 'id'>) => Promise<unknown>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://space')
  const found = [...paths].find(([path]) => pathname === path || pathname.startsWith(`${path}/`))
  if (!found) return void response.writeHead(404).end()
  const [prefix, name] = found
  const body = await buffer(request)
  const isBase64Encoded = /xml/.test(request.headers['content-type'] ?? '')
  const event = {
    path: pathname.slice(prefix.length) || '/',
    httpMethod: request.method,
    headers: request.headers,
    ...{ isBase64Encoded, body: body.toString(isBase64Encoded ? 'base64' : 'utf8') },
  }
  const answer = (await ask({ call: { name, event, source: 'http' } })) as Composed
  response.writeHead(answer.statusCode, answer.headers)
  response.end(Buffer.from(answer.body, answer.isBase64Encoded ? 'base64' : 'utf8'))
}
