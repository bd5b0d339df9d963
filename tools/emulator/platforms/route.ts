import type { Api, Received } from './contract.js'

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
    const params = matched(segments, sent)
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
