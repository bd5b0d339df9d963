import { SOONER_CUT_OFF } from '../../generated/editions.js'
import type { Source } from '../../operation/index.js'
import {
  type Arrival,
  asFields,
  asString,
  asTexts,
  bodyFields,
  type Fields,
  lowerCaseNames,
} from '../arrival.js'

/** uniCloud's names for who calls (`context.SOURCE`). `server` is the console and HBuilderX. */
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
  const fields = asFields(context)
  const source = sourceOf(fields, given)
  const requestId = asString(fields.requestId)
  const edition = asString(asFields(fields.SPACEINFO).provider)
  const common = {
    source,
    ...(requestId === undefined ? {} : { requestId }),
    ...(edition === undefined ? {} : { edition }),
  }
  if (source === 'http') return { ...common, input: {}, httpCall: httpCall(given), client: clientOf(fields) }
  if (source === 'timer') return { ...common, input: {} }
  // The client library adds these two to whatever the page sent.
  const { clientInfo: _clientInfo, uniIdToken: _uniIdToken, ...input } = given
  if (source !== 'client') return { ...common, input }
  const cutOff = SOONER_CUT_OFF.get(edition ?? '')
  const platform = cutOff === undefined ? {} : { platformTimeout: cutOff }
  return { ...common, ...platform, input, client: clientOf(fields) }
}

function sourceOf(fields: Fields, given: Fields): Source {
  const source = asString(fields.SOURCE)
  if (source !== undefined) return SOURCES.get(source) ?? 'client'
  return typeof given.httpMethod === 'string' && typeof given.headers === 'object' ? 'http' : 'client'
}

function httpCall(event: Fields) {
  return {
    method: asString(event.httpMethod)?.toUpperCase() ?? 'GET',
    path: asString(event.path) ?? '/',
    headers: lowerCaseNames(event.headers),
    query: asTexts(event.queryStringParameters),
    ...bodyFields(event.body, event.isBase64Encoded),
  }
}

function clientOf(fields: Fields) {
  const platform = asString(fields.uniPlatform) ?? asString(fields.PLATFORM)
  const appId = asString(fields.appId) ?? asString(fields.APPID)
  const ip = asString(fields.CLIENTIP)
  return {
    ...(platform === undefined ? {} : { platform }),
    ...(appId === undefined ? {} : { appId }),
    ...(ip === undefined ? {} : { ip }),
  }
}
