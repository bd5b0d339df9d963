import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { CloudFunction } from '../../shared/runtime/index.js'

/** Every `functions/<name>/example.json` that says which requests of WeChat a call causes, and a server that records them. */

export interface Exchange {
  request: {
    method: 'GET' | 'POST'
    path: string
    /** Without the access token. */
    query?: Record<string, string>
    contentType?: string
    /** Wire words; of a form, its parts, files as {@link FilePart}. */
    body?: Record<string, unknown>
  }
  /** JSON in `body`, or as `text` where its numbers exceed a double; or bytes in `base64`. */
  reply: { status?: number; contentType: string; body?: object; text?: string; base64?: string }
}

interface FilePart {
  filename: string
  contentType: string
  base64: string
}

export interface Case {
  as: 'client' | 'server'
  /** A client that has logged in. */
  session?: boolean
  input: Record<string, unknown>
  upstream: Exchange[]
  output?: Record<string, unknown>
  /** In place of `output`: part of the error that the caller gets. */
  fails?: Record<string, unknown>
}

export interface Example extends Case {
  /** Beside those of the one mini program. */
  settings?: Record<string, string>
  more?: Case[]
  refused: { input: Record<string, unknown>; errCode: string; field: string }[]
}

const root = join(import.meta.dirname ?? '', '..', '..', 'functions')

export const exampleOf = (name: string): Example =>
  JSON.parse(readFileSync(join(root, name, 'example.json'), 'utf8')) as Example

const hasRequests = (name: string): boolean => {
  try {
    return exampleOf(name).upstream.every(({ request }) => 'path' in request)
  } catch {
    return false
  }
}

export const functionNames = (): string[] => readdirSync(root).sort()

export const exampleNames = (): string[] => functionNames().filter(hasRequests)

export const importFunction = (name: string): Promise<CloudFunction> =>
  import(`../../functions/${name}/index.ts`)

/** What arrived, in the form of {@link Exchange}. */
export interface Recorded {
  method: string
  path: string
  query: Record<string, string>
  contentType?: string
  bytes: Buffer
}

export interface Recorder {
  url: string
  requests: Recorded[]
  /** What to answer, in turn; a request beyond these gets HTTP 599. */
  replies: Exchange['reply'][]
  /** Whether tokens are given as a matter of course; else a token is a reply like others. */
  givesTokens: boolean
  close(): Promise<void>
}

export const TOKEN_PATH = '/cgi-bin/stable_token'

/** Answers whatever comes and checks nothing: what it recorded is compared afterwards. */
export async function startRecorder(): Promise<Recorder> {
  const recorder = {
    requests: [] as Recorded[],
    replies: [] as Exchange['reply'][],
    givesTokens: true,
  }
  const server = createServer(async (request, response) => {
    const recorded = await record(request)
    const isToken = recorder.givesTokens && recorded.path === TOKEN_PATH
    if (!isToken) recorder.requests.push(recorded)
    const { status, contentType, bytes } = isToken ? json(200, TOKEN) : bytesOf(recorder.replies.shift())
    response.writeHead(status, { 'content-type': contentType })
    response.end(bytes)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(recorder, {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

async function record(request: IncomingMessage): Promise<Recorded> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const url = new URL(request.url ?? '', 'http://recorder')
  const contentType = request.headers['content-type']
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    ...(contentType === undefined ? {} : { contentType }),
    bytes: Buffer.concat(chunks),
  }
}

const TOKEN = { access_token: 'ACCESS_TOKEN', expires_in: 7200 }

function bytesOf(reply: Exchange['reply'] | undefined) {
  if (!reply) return json(599, {})
  const { status = 200, contentType, body, text, base64 } = reply
  if (base64 !== undefined) return { status, contentType, bytes: Buffer.from(base64, 'base64') }
  return { status, contentType, bytes: Buffer.from(text ?? JSON.stringify(body)) }
}

const json = (status: number, body: object) => ({
  status,
  contentType: 'application/json',
  bytes: Buffer.from(JSON.stringify(body)),
})

/** The parts of a form, files as {@link FilePart}. */
export function partsOf(contentType: string, bytes: Buffer): Record<string, unknown> {
  const boundary = /boundary=(.+)$/.exec(contentType)?.[1] ?? ''
  const text = bytes.toString('latin1')
  const pieces = text.split(`--${boundary}`)
  if (pieces[0] !== '' || pieces.at(-1) !== '--\r\n') throw new Error('not a whole form')
  return Object.fromEntries(pieces.slice(1, -1).map(partOf))
}

function partOf(piece: string): [string, unknown] {
  const end = piece.indexOf('\r\n\r\n')
  const head = piece.slice(2, end)
  const content = Buffer.from(piece.slice(end + 4, -2), 'latin1')
  const name = / name="([^"]+)"/.exec(head)?.[1] ?? ''
  const filename = / filename="([^"]+)"/.exec(head)?.[1]
  if (filename === undefined) return [name, content.toString('utf8')]
  const contentType = /^Content-Type: (.+)$/m.exec(head)?.[1]?.trim() ?? ''
  return [name, { filename, contentType, base64: content.toString('base64') } satisfies FilePart]
}
