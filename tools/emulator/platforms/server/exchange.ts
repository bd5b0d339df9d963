import type { Api, HttpAnswer, Received } from '../contract.js'
import type { Faults } from '../faults.js'
import { type Outcome, plainText } from './http.js'

/** More than any test sends; one that stays up for weeks must not keep everything. */
const KEPT_REQUESTS = 20_000

const gatewayPage: HttpAnswer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<center><h1>502 Bad Gateway</h1></center>\n</body>\n</html>\n',
}

/** Finds the API of a request, lets the fault happen that is due, and keeps what was received. */
export class Exchange {
  readonly #routes: readonly Route[]
  readonly requests: Received[] = []

  constructor(
    apis: readonly Api[],
    private readonly faults: Faults,
    private readonly log: (line: string) => void,
  ) {
    this.#routes = apis.map((api) => ({ api, segments: api.path.split('/') }))
  }

  async handle(arrived: Received): Promise<Outcome> {
    const { api, params = {} } = findRoute(this.#routes, arrived)
    const fault = api && this.faults.consume(api.name)
    const request = { ...arrived, params, ...(api ? { api: api.name } : {}), ...(fault ? { fault } : {}) }
    this.#keep(request)
    if (!api)
      return {
        answer: plainText(404, `the local platforms have no ${request.path}; GET /twin lists what it has`),
      }
    if (fault === 'timeout') return 'silence'
    if (fault === 'html') return { answer: gatewayPage }
    const answer = await api.answer(request, fault)
    if (fault === 'lost') return 'cut'
    return { answer: fault === 'truncated' ? firstHalf(answer) : answer }
  }

  #keep(request: Received): void {
    this.requests.push(request)
    if (this.requests.length > KEPT_REQUESTS) this.requests.shift()
    const { method, path, fault } = request
    this.log(`${method} ${path}${fault ? ` meets ${fault}` : ''}`)
  }
}

function firstHalf(answer: HttpAnswer): HttpAnswer {
  const bytes = Buffer.from(answer.body)
  return { ...answer, body: bytes.subarray(0, bytes.length >> 1) }
}

export interface Route {
  api: Api
  /** Of the API's path. */
  segments: readonly string[]
}

const NAMED = /^\{(\w+)\}$/

/** The API a request means and the named segments of its path, decoded. Paths are compared as they were sent. */
export function findRoute(
  routes: readonly Route[],
  request: Received,
): { api?: Api; params?: Record<string, string> } {
  const sent = request.path.split('/')
  for (const { api, segments } of routes) {
    const params = api.path === '*' ? {} : matched(segments, sent)
    if (params && (api.serves?.(request) ?? true)) return { api, params }
  }
  return {}
}

function matched(segments: readonly string[], sent: readonly string[]): Record<string, string> | undefined {
  if (segments.length !== sent.length) return undefined
  const params: Record<string, string> = {}
  for (const [at, segment] of segments.entries()) {
    const given = sent[at] ?? ''
    const name = NAMED.exec(segment)?.[1]
    const value = name === undefined ? undefined : decoded(given)
    if (name === undefined ? segment !== given : !value) return undefined
    if (name !== undefined && value) params[name] = value
  }
  return params
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
