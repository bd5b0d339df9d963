import type { IncomingHttpHeaders } from 'node:http'

const LOOPBACK_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** Whether a server that listens on `host` can be reached from this machine only. */
export const isLoopback = (host: string): boolean => LOOPBACK_NAMES.has(host) || host === '::1'

/**
 * Why a request is not let in, or nothing. A web page on the internet can make a browser on this machine send
 * requests here: under another name that it makes point to 127.0.0.1 (so the `Host` must be ours), or across
 * origins (so an `Origin`, or the browser's word that a request is cross-site, must be allowed).
 */
export function refusalOf(
  headers: IncomingHttpHeaders,
  port: number,
  origins: readonly string[],
): string | undefined {
  if (!isOurHost(headers.host ?? '', port)) return 'this address is for 127.0.0.1 and localhost only'
  const { origin } = headers
  if (origin !== undefined && !isAllowedOrigin(origin, origins))
    return 'pages of this origin may not call here'
  if (origin === undefined && headers['sec-fetch-site'] === 'cross-site')
    return 'other sites may not call here'
  return undefined
}

/** `@alicloud/fc2` sends the name without the port. A rebinding page always has a foreign name, so that is safe. */
function isOurHost(host: string, port: number): boolean {
  const name = host.endsWith(`:${port}`) ? host.slice(0, -`:${port}`.length) : host
  return LOOPBACK_NAMES.has(name.toLowerCase())
}

/** Pages served from this machine (a dev server on any port), and those that the settings list. */
function isAllowedOrigin(origin: string, origins: readonly string[]): boolean {
  return /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i.test(origin) || origins.includes(origin)
}

/** CORS headers for a page that was let in, so that a uni-app web build on a dev server can read the answers. */
export function corsHeaders(origin: string | undefined): Record<string, string> {
  if (origin === undefined) return {}
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': 'content-type, x-serverless-sign, x-basement-token',
    'access-control-max-age': '600',
    vary: 'Origin',
  }
}
