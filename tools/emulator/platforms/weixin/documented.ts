import { readdirSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { operations } from '../../../../shared/generated/operations.js'
import type { HttpAnswer } from '../contract.js'

/** What the functions' `example.json` say of WeChat: which request goes out, and what comes back. */

interface Reply {
  status?: number
  contentType: string
  body?: Readonly<Record<string, unknown>>
  /** JSON whose numbers exceed a double. */
  text?: string
  base64?: string
}

export interface DocumentedExchange {
  request: {
    method: 'GET' | 'POST'
    path: string
    query?: Readonly<Record<string, string>>
    contentType?: string
    body?: Readonly<Record<string, unknown>>
  }
  reply: Reply
}

/** One API of WeChat and every exchange that the examples show of it. */
export interface DocumentedApi {
  /** The dotted name of the operation that calls it. */
  name: string
  method: 'GET' | 'POST'
  path: string
  exchanges: DocumentedExchange[]
}

interface Example {
  upstream?: unknown
  more?: Example[]
}

const folder = new URL('../../../../functions/', import.meta.url)

/** `wxacode.get` and the folder `wxacodeGet` are one operation. */
const camelCase = (dotted: string): string =>
  dotted.replace(/\.(\w)/g, (_dot, letter: string) => letter.toUpperCase())

/** These pass on what somebody else declares: an API has its own name where it has one. */
const GENERIC = new Set(['openapi', 'openapi.request'])

let known: readonly DocumentedApi[] | undefined

/** The files are read once in a process. */
export function documentedApis(): readonly DocumentedApi[] {
  known ??= readApis()
  return known
}

function readApis(): DocumentedApi[] {
  const apis = new Map<string, DocumentedApi>()
  const dotted = new Map(Object.keys(operations).map((name) => [camelCase(name), name]))
  for (const name of readdirSync(folder).sort()) {
    for (const exchange of exchangesIn(
      JSON.parse(readFileSync(new URL(`${name}/example.json`, folder), 'utf8')),
    )) {
      const { method, path } = exchange.request
      const own = dotted.get(name) ?? name
      const api = apis.get(path) ?? { name: own, method, path, exchanges: [] }
      if (GENERIC.has(api.name)) api.name = own
      api.exchanges.push(exchange)
      apis.set(path, api)
    }
  }
  return [...apis.values()]
}

function exchangesIn({ upstream, more = [] }: Example): DocumentedExchange[] {
  const own = Array.isArray(upstream) ? (upstream as DocumentedExchange[]) : []
  // Requests of Alipay name a method of its gateway and no path.
  return [...own.filter(({ request }) => 'path' in request), ...more.flatMap(exchangesIn)]
}

interface Sent {
  query: Readonly<Record<string, unknown>>
  body: Readonly<Record<string, unknown>>
}

/** Whether this very request stands in an example. */
export const isDocumented = ({ exchanges }: DocumentedApi, sent: Sent): boolean =>
  exchanges.some(({ request }) => isSame(request, sent))

const isSame = ({ query = {}, body = {} }: DocumentedExchange['request'], sent: Sent): boolean => {
  const { access_token: _token, ...sentQuery } = sent.query
  return isDeepStrictEqual({ ...query }, { ...sentQuery }) && isDeepStrictEqual({ ...body }, { ...sent.body })
}

const isError = ({ body }: Reply): boolean => Number(body?.errcode ?? 0) !== 0

/** What the examples answer to this request, else to the first one of the API that went well. */
export function documentedAnswer({ exchanges }: DocumentedApi, sent: Sent): HttpAnswer | undefined {
  const good = exchanges.filter(({ reply }) => !isError(reply))
  const found = good.find(({ request }) => isSame(request, sent)) ?? good[0]
  if (!found) return undefined
  const { status = 200, contentType, body, text, base64 } = found.reply
  const bytes = base64 === undefined ? (text ?? JSON.stringify(body ?? {})) : Buffer.from(base64, 'base64')
  return { status, headers: { 'content-type': contentType }, body: bytes }
}

const LOGIN = '/sns/jscode2session'

export interface DocumentedUser {
  openid: string
  unionid?: string
  sessionKey?: string
}

/** Who logs in with the code of an example; nobody with any other. */
export function documentedLogin(code: string): DocumentedUser | undefined {
  const exchanges = documentedApis().find(({ path }) => path === LOGIN)?.exchanges ?? []
  const { body } = exchanges.find(({ request }) => request.query?.js_code === code)?.reply ?? {}
  if (typeof body?.openid !== 'string') return undefined
  const { openid, unionid, session_key: sessionKey } = body
  return {
    openid,
    ...(typeof unionid === 'string' ? { unionid } : {}),
    ...(typeof sessionKey === 'string' ? { sessionKey } : {}),
  }
}

const OPENID = /^o[\w-]{27}$/

/** Everybody whom the examples name: whoever tries one as it stands there finds them here. */
export const documentedOpenids = (): string[] => [
  ...new Set(
    documentedApis().flatMap(({ exchanges }) => exchanges.flatMap(({ request }) => openidsIn(request))),
  ),
]

const openidsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return OPENID.test(value) ? [value] : []
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(openidsIn) : []
}
