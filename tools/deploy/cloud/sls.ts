import { createHmac } from 'node:crypto'
import type { Access } from '../config/access.js'
import { ApiError } from './api.js'

/** One line of a function's log. */
export interface LogLine {
  /** Seconds since the epoch. */
  time: number
  message: string
}

export interface LogQuery {
  project: string
  store: string
  topic: string
  query: string
  /** Seconds since the epoch; `to` is not included. */
  from: number
  to: number
}

/** Lines that one answer may hold (Log Service, GetLogs). */
const PAGE = 100

/** In ms. */
const TIMEOUT = 30_000

/**
 * Reads logs through GetLogs of Log Service (API 0.6.0), all pages, oldest first. `now` is in ms. Throws
 * {@link ApiError}.
 */
export async function readLogs(access: Access, query: LogQuery, now: () => number): Promise<LogLine[]> {
  const lines: LogLine[] = []
  for (let page = PAGE; page === PAGE; ) {
    const found = await onePage(access, query, lines.length, now())
    lines.push(...found)
    page = found.length
  }
  return lines
}

async function onePage(
  access: Access,
  { project, store, topic, query, from, to }: LogQuery,
  offset: number,
  now: number,
): Promise<LogLine[]> {
  const path = `/logstores/${store}`
  const parameters = {
    ...{ type: 'log', topic, query, from: String(from), to: String(to) },
    ...{ line: String(PAGE), offset: String(offset), reverse: 'false' },
  }
  const url = new URL(path, hostOf(access, project))
  url.search = new URLSearchParams(parameters).toString()
  const headers = signedHeaders(access, path, parameters, now)
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT) }).catch((cause) => {
    throw new ApiError('NoAnswer', 'Log Service cannot be reached', undefined, { cause })
  })
  const answer = (await response.json().catch(() => ({}))) as unknown
  if (!response.ok) {
    const { errorCode = 'Unknown', errorMessage = `HTTP ${response.status}` } = answer as Record<
      string,
      string
    >
    throw new ApiError(errorCode, errorMessage, response.status)
  }
  return Object.values(answer as Record<string, Record<string, string>>).map((line) => ({
    time: Number(line.__time__),
    message: String(line.message ?? ''),
  }))
}

/** Every project has a host of its own; an address that was given stands for all of them. */
const hostOf = ({ region, logEndpoint }: Access, project: string): string =>
  logEndpoint ?? `https://${project}.${region}.log.aliyuncs.com`

function signedHeaders(
  { accessKeyId, accessKeySecret, securityToken }: Access,
  path: string,
  parameters: Readonly<Record<string, string>>,
  now: number,
): Record<string, string> {
  const headers = {
    date: new Date(now).toUTCString(),
    'x-log-apiversion': '0.6.0',
    'x-log-signaturemethod': 'hmac-sha1',
    ...(securityToken ? { 'x-acs-security-token': securityToken } : {}),
  }
  const signature = createHmac('sha1', accessKeySecret)
    .update(logStringToSign('GET', path, parameters, headers))
    .digest('base64')
  return { ...headers, authorization: `LOG ${accessKeyId}:${signature}` }
}

/**
 * What Log Service signs: method, content-md5, content-type, date, its own headers sorted, the path with its query
 * sorted and not encoded (help.aliyun.com, Log Service, "request signatures").
 */
export function logStringToSign(
  method: string,
  path: string,
  parameters: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): string {
  const own = Object.keys(headers)
    .filter((name) => name.startsWith('x-log-') || name.startsWith('x-acs-'))
    .sort()
    .map((name) => `${name}:${headers[name]}\n`)
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${value}`)
  const resource = pairs.length > 0 ? `${path}?${pairs.sort().join('&')}` : path
  const { 'content-md5': md5 = '', 'content-type': type = '', date = '' } = headers
  return `${method}\n${md5}\n${type}\n${date}\n${own.join('')}${resource}`
}
