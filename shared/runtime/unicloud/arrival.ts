import type { Source } from '../../operation/index.js'
import {
  type Arrival,
  asFields,
  asString,
  asTexts,
  type Fields,
  lowerCaseNames,
  rawBytes,
} from '../arrival.js'

/** uniCloud's own words for who calls (`context.SOURCE`). `server` is the console and HBuilderX. */
const SOURCES: ReadonlyMap<string, Source> = new Map([
  ['client', 'client'],
  ['function', 'server'],
  ['server', 'server'],
  ['http', 'http'],
  ['timing', 'timer'],
])

/**
 * Reads a call of `exports.main(event, context)`. `context.SOURCE` alone gives rank; without it an event is a
 * client's, or a URL call's by its shape, never a server's or a timer's, whatever the caller wrote into it.
 */
export function fromUniCloud(event: unknown, context: unknown): Arrival {
  const given = asFields(event)
  const about = asFields(context)
  const source = sourceOf(about, given)
  const requestId = asString(about.requestId)
  const common = { source, ...(requestId === undefined ? {} : { requestId }) }
  if (source === 'http') return { ...common, input: {}, httpCall: httpCall(given), client: clientOf(about) }
  if (source === 'timer') return { ...common, input: {} }
  // The client library adds these two to whatever the page sent.
  const { clientInfo: _clientInfo, uniIdToken: _uniIdToken, ...input } = given
  return { ...common, input, ...(source === 'client' ? { client: clientOf(about) } : {}) }
}

function sourceOf(about: Fields, given: Fields): Source {
  const said = asString(about.SOURCE)
  if (said !== undefined) return SOURCES.get(said) ?? 'client'
  return typeof given.httpMethod === 'string' && typeof given.headers === 'object' ? 'http' : 'client'
}

function httpCall(event: Fields) {
  return {
    method: asString(event.httpMethod)?.toUpperCase() ?? 'GET',
    path: asString(event.path) ?? '/',
    headers: lowerCaseNames(event.headers),
    query: asTexts(event.queryStringParameters),
    rawBody: rawBytes(event.body, event.isBase64Encoded),
  }
}

function clientOf(about: Fields) {
  const platform = asString(about.uniPlatform) ?? asString(about.PLATFORM)
  const appId = asString(about.appId) ?? asString(about.APPID)
  const ip = asString(about.CLIENTIP)
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(appId === undefined ? {} : { appId }),
    ...(ip === undefined ? {} : { ip }),
  }
}
