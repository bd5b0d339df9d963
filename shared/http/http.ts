import type { Agent } from 'node:http'
import type { AxiosInstance, AxiosRequestConfig } from 'axios'
import type { Clock, Random } from '../clock.js'
import { inDoubt, OpenapiError, openapiError, UPSTREAM_UNREACHABLE } from '../errors/index.js'

export interface HttpRequest {
  method: 'GET' | 'POST'
  /** The whole URL, query included, exactly as it is to be sent. */
  url: string
  headers?: Record<string, string>
  body?: Buffer | string
  /** Milliseconds for connecting, sending and receiving together. */
  timeoutMs: number
  /** The largest answer that is read, in bytes. */
  maxBytes?: number
  /** A merchant's client certificate (WeChat Pay V2 refunds and fund-flow bills). */
  clientCertificate?: ClientCertificate
  /** PEM: whom to trust instead of the usual authorities, for servers with a certificate of their own. */
  ca?: string
}

export interface ClientCertificate {
  cert: string
  key: string
}

export interface HttpAnswer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

/** The one way out. Rejects only when no answer came; every status is an answer. */
export interface Http {
  request(request: HttpRequest): Promise<HttpAnswer>
}

const DEFAULT_MAX_BYTES = 20 * 1024 * 1024

/** Errors that happen before a byte of the request left: nothing can have been done at the other end. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH'])

let instance: Promise<AxiosInstance> | undefined

/** axios loads at the first request: it would cost every cold start what only some calls need. */
function axiosInstance(): Promise<AxiosInstance> {
  instance ??= (async () => {
    const [{ default: axios }, http, https] = await Promise.all([
      import('axios'),
      import('node:http'),
      import('node:https'),
    ])
    return axios.create({
      proxy: false,
      maxRedirects: 0,
      // axios takes what came of a packed answer for the whole of it.
      decompress: false,
      responseType: 'arraybuffer',
      validateStatus: () => true,
      transformRequest: [(data: unknown) => data],
      httpAgent: watched(new http.Agent({ keepAlive: true }), 'connect'),
      httpsAgent: watched(new https.Agent({ keepAlive: true }), 'secureConnect'),
    })
  })()
  return instance
}

/** What went wrong before a connection stood: whatever its code is, no request had begun to leave. */
const beforeConnected = new WeakSet<Error>()

function watched<Made extends Agent>(agent: Made, connected: 'connect' | 'secureConnect'): Made {
  const create = agent.createConnection.bind(agent)
  agent.createConnection = (...given) => {
    const socket = create(...given)
    const failed = (error: Error) => beforeConnected.add(error)
    socket?.once('error', failed).once(connected, () => socket.off('error', failed))
    return socket
  }
  return agent
}

const agents = new Map<string, Promise<import('node:https').Agent>>()

function agentFor(
  identity: Partial<ClientCertificate> & { ca?: string },
): Promise<import('node:https').Agent> {
  const key = [identity.cert, identity.key, identity.ca].join('\n')
  const known = agents.get(key)
  if (known) return known
  const made = import('node:https').then((https) =>
    watched(new https.Agent({ keepAlive: true, ...identity }), 'secureConnect'),
  )
  agents.set(key, made)
  return made
}

export const http: Http = {
  async request({ method, url, headers, body, timeoutMs, maxBytes = DEFAULT_MAX_BYTES, ...tls }) {
    const client = await axiosInstance()
    // axios' `timeout` does not cover a connection that hangs while being made: the signal covers everything.
    const signal = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)))
    const config: AxiosRequestConfig<Buffer | string> = {
      method,
      url,
      headers: { 'user-agent': 'unicloud-openapi', accept: '*/*', ...headers },
      signal,
      maxContentLength: maxBytes,
      maxBodyLength: maxBytes,
    }
    if (body !== undefined) config.data = body
    const { clientCertificate, ca } = tls
    if (clientCertificate || ca !== undefined) {
      config.httpsAgent = await agentFor({ ...clientCertificate, ...(ca === undefined ? {} : { ca }) })
    }
    const answer = await client.request<Buffer>(config).catch(async (error: unknown) => {
      throw await unreachable(url, error, signal.aborted)
    })
    const answered = flatten(answer.headers)
    const whole = await unpackedBody(Buffer.from(answer.data), answered, { url, maxBytes })
    return { status: answer.status, headers: answered, body: whole }
  },
}

/** A packed body has an end of its own, so that one which was cut short is known whatever length the server named. */
async function unpackedBody(
  body: Buffer,
  { 'content-encoding': encoding }: Record<string, string>,
  { url, maxBytes }: { url: string; maxBytes: number },
): Promise<Buffer> {
  if (encoding === undefined || body.length === 0) return body
  const { unpacked } = await import('./unpacked.js')
  try {
    return await unpacked(body, encoding, maxBytes)
  } catch (error) {
    const { code } = error as { code?: unknown }
    throw answerCutShort(new URL(url).host, code === 'ERR_BUFFER_TOO_LARGE' ? code : undefined)
  }
}

/** An answer without its end: the caller has none, and whether it acted is not known. */
export const answerCutShort = (host: string, reason = 'the answer was cut short or damaged'): OpenapiError =>
  openapiError(UPSTREAM_UNREACHABLE, { host, reason }, { outcome: 'unknown' })

function flatten(headers: object): Record<string, string> {
  const flat: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) flat[name.toLowerCase()] = String(value)
  return flat
}

const TEXT_BYTES = 2048
const TEXT_CHARACTERS = 300

/** The parts of an address that nobody else may read; some gateways' pages repeat the whole of it. */
const SECRET_IN_QUERY = /((?:token|secret|code|session_key|sign|password)(?:=|%3d))[^&\s"'<>]+/gi

/**
 * What an answer says that has no form to it, a page of a gateway say: its first words, without tags, and without the
 * secrets of the address that was asked for.
 */
export function pageText({ body }: HttpAnswer): string {
  const text = body.toString('utf8', 0, TEXT_BYTES)
  return text
    .replace(/<[^<>]*>/g, ' ')
    .replace(SECRET_IN_QUERY, '$1***')
    .replace(/[\s\p{Cc}\ufffd]+/gu, ' ')
    .trim()
    .slice(0, TEXT_CHARACTERS)
}

/** Names the host but never the query, which carries tokens and secrets; keeps no axios object for the same reason. */
async function unreachable(url: string, error: unknown, timedOut: boolean): Promise<OpenapiError> {
  const { code = 'UNKNOWN', cause } = error as { code?: unknown; cause?: unknown }
  const reason = String(code)
  const { noAnswer } = await import('./noAnswer.js')
  return noAnswer(new URL(url), {
    reason,
    timedOut,
    isUnsent: NOT_SENT.has(reason) || beforeConnected.has(cause as Error),
  })
}

/** What it takes to decide about another try. */
export interface RetryDependencies {
  clock: Clock
  random: Random
  /** Milliseconds until an answer must be ready. */
  timeLeft(): number
}

export interface RepeatRule {
  /** Whether a failure may be gone the next time, and trying again does no harm. */
  isTransient(error: unknown): boolean
  /**
   * Whether an attempt with an unknown outcome leaves the outcome of all unknown, whatever a later one is told: a
   * refusal of the second request does not say that the first one moved no money.
   */
  movesMoney?: boolean
  /** An attempt with less time than this, in milliseconds, is not begun: it could not finish. */
  leastMs?: number
}

const MAX_TRIES = 3
const FIRST_PAUSE_MS = 200
const LEAST_MS = 100

/**
 * Tries `once` up to three times, as long as its failure is transient and time is left for the growing, slightly random
 * pause in between.
 */
export async function repeated<T>(
  once: () => Promise<T>,
  { isTransient, movesMoney = false, leastMs = LEAST_MS }: RepeatRule,
  { clock, random, timeLeft }: RetryDependencies,
): Promise<T> {
  let mayHaveActed = false
  for (let tries = 1; ; tries++) {
    try {
      return await once()
    } catch (error) {
      mayHaveActed ||= movesMoney && error instanceof OpenapiError && error.outcome === 'unknown'
      const pause = FIRST_PAUSE_MS * 2 ** (tries - 1) + (random.bytes(1).readUInt8(0) % FIRST_PAUSE_MS)
      if (tries === MAX_TRIES || !isTransient(error) || timeLeft() <= pause + leastMs) {
        throw mayHaveActed && error instanceof OpenapiError ? inDoubt(error) : error
      }
      await clock.sleep(pause)
    }
  }
}
