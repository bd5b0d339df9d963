import { type Context, validate } from '../../operation/index.js'
import { loginSettings } from '../../platform/login.js'
import type { Arrival } from '../arrival.js'
import { type Door, jsonOutcome, serverDoor } from '../door.js'
import { admitClient } from './admit.js'
import { kept } from './codeCache.js'
import { corsHeaders, readClientCall } from './http.js'

/** Marks the result of a page's question whether it may call at all. */
const PREFLIGHT = { preflight: true }

const server = serverDoor(false)

/** For end users' devices, by the platform's SDK or by URL; servers come in here too. */
export const clientDoor: Door = {
  // Wherever a login counts, a fresh code stands for one.
  settings: loginSettings,
  async enter(operation, arrival, context) {
    if (arrival.source !== 'client' && arrival.source !== 'http')
      return server.enter(operation, arrival, context)
    if (arrival.httpCall?.method === 'OPTIONS') return PREFLIGHT
    const given = { input: inputOf(arrival, context), context: { ...context, source: 'client' as const } }
    const admitted = await admitClient(operation, given)
    const input = validate(operation.input, admitted.input)
    return kept(operation, input, admitted.context, () => operation.run(input, admitted.context))
  },
  reply(outcome, _operation, context) {
    const cors = context.httpCall ? corsHeaders(context.httpCall, context) : {}
    const isPreflight = 'result' in outcome && outcome.result === PREFLIGHT
    return isPreflight ? { status: 204, headers: cors, body: '' } : jsonOutcome(outcome, context, cors)
  },
}

const inputOf = ({ httpCall, input }: Arrival, context: Context): Record<string, unknown> =>
  httpCall ? readClientCall(httpCall, context) : input
