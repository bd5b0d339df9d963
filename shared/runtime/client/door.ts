import { CLIENT_HTTP_OFF, invalidParam, openapiError, POST_EXPECTED } from '../../errors/index.js'
import { type Context, type HttpCall, validate } from '../../operation/index.js'
import { loginSettings } from '../../platform/login.js'
import { type Arrival, MAX_BODY } from '../arrival.js'
import { answerPreflight, type Door, isPreflight, pageReply, serverDoor } from '../door.js'
import { admitClient } from './admit.js'
import { throughCodeCache } from './codeCache.js'

const server = serverDoor(false)

/** For end users' devices, by the platform's SDK or by URL; servers come in here too. */
export const clientDoor: Door = {
  // Wherever a login counts, a fresh code stands for one.
  settings: loginSettings,
  async enter(operation, arrival, context) {
    if (arrival.source !== 'client' && arrival.source !== 'http')
      return server.enter(operation, arrival, context)
    if (isPreflight(arrival)) return answerPreflight(context)
    const given = { input: inputOf(arrival, context), context: { ...context, source: 'client' as const } }
    const admitted = await admitClient(operation, given)
    const input = validate(operation.input, admitted.input)
    return throughCodeCache(operation, input, admitted.context, () => operation.run(input, admitted.context))
  },
  reply: pageReply,
}

const inputOf = ({ httpCall, input }: Arrival, context: Context): Record<string, unknown> =>
  httpCall ? readClientCall(httpCall, context) : input

/**
 * Lets a page or app call by URL as a client does, where the deployment asks for it (`CLIENT_HTTP=on`): Function
 * Compute has no `callFunction`. Only JSON sent on purpose counts, so that a plain form on a foreign page cannot.
 */
function readClientCall(call: HttpCall, context: Context): Record<string, unknown> {
  if (!context.settings.isOn('CLIENT_HTTP')) {
    throw openapiError(CLIENT_HTTP_OFF, {}, { advice: 'fix the settings' })
  }
  if (call.method !== 'POST') throw openapiError(POST_EXPECTED)
  if (!/^application\/json\b/i.test(call.headers['content-type'] ?? '')) {
    throw invalidParam('content-type', 'expected application/json')
  }
  if (call.rawBody.length > MAX_BODY) throw invalidParam('body', 'expected at most 4 MB')
  try {
    const parsed: unknown = call.rawBody.length === 0 ? {} : JSON.parse(call.rawBody.toString('utf8'))
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>
  } catch {
    // Falls through to the one error for every body that is not a JSON object.
  }
  throw invalidParam('body', 'expected a JSON object')
}
