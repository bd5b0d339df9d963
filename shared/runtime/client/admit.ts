import { invalidParam, LOGIN_REQUIRED, openapiError } from '../../errors/index.js'
import { type Context, functionName, type Operation } from '../../operation/index.js'
import { addressOf, countUse, perMinute } from '../../operation/rateLimit.js'
import { logIn, requireServed } from '../../platform/login.js'
import { namedPlatform, type Platform } from '../../platform/platform.js'
import { findSession } from '../../session.js'
import type { SessionRecord } from '../../store/port.js'
import { chosenApp, notCallableBy, type OperationCall, takesField } from '../door.js'

/**
 * What stands between an end user's device and an operation: is it open to clients at all, who is calling, and how
 * often. Answers the context with the session in it, and the input without the login's own fields.
 */
export async function admitClient(operation: Operation, call: OperationCall): Promise<OperationCall> {
  if (!openToClients(operation, call.context)) throw notCallableBy('client', operation)
  const { input, context } = chosenApp(operation, call)
  const { sessionToken, ...rest } = input
  if (operation.session === 'none') return { input: rest, context }
  const ownsCode = takesField(operation, 'code')
  const { code, ...withoutCode } = rest
  const platform = takesField(operation, 'platform') ? namedPlatform(rest.platform) : undefined
  const fresh = { code: ownsCode ? undefined : code, platform }
  const session = await sessionFrom(sessionToken, fresh, context)
  if (!session && operation.session !== 'optional') throw openapiError(LOGIN_REQUIRED)
  await countCall(operation, session, context)
  const admitted = ownsCode ? rest : withoutCode
  if (!session) return { input: admitted, context }
  requireServed(operation, session)
  if (context.appId !== undefined && context.appId !== session.appId) {
    throw invalidParam('appid', 'not the application that this session logged in to')
  }
  const own = operation.ownOpenid === undefined ? {} : { [operation.ownOpenid]: session.openid }
  return { input: { ...admitted, ...own }, context: { ...context, session } }
}

function openToClients(operation: Operation, context: Context): boolean {
  if (operation.reach === 'client') return true
  const clientFunctions = (context.settings.get('OPENAPI_CLIENT_FUNCTIONS') ?? '')
    .split(',')
    .map((name) => name.trim())
  return operation.reach === 'optIn' && clientFunctions.includes(functionName(operation.name))
}

async function sessionFrom(
  token: unknown,
  { code, platform }: { code: unknown; platform: Platform | undefined },
  context: Context,
): Promise<SessionRecord | undefined> {
  if (token !== undefined) {
    if (typeof token !== 'string')
      throw invalidParam('sessionToken', 'expected the text that authCode2Session answered')
    const session = await findSession(token, await context.store(), context.clock)
    if (session) return session
    await countUse(perMinute(...WRONG_TOKENS, context), addressOf(context), context)
    throw openapiError(LOGIN_REQUIRED)
  }
  if (code === undefined) return undefined
  return (await logIn(code, context, platform)).session
}

/** A minute. Those of one address may be thousands of users of a network operator's, whose sessions do end. */
const WRONG_TOKENS = ['session tokens', 'wrong session tokens from this address', 120] as const

/** How many callers without a login one address may stand for: apps that pay by their pay tokens. */
const CALLERS_AT_ADDRESS = 10

/** Counts a call: for the user, whatever the address; without a login for the address, which many users may share. */
function countCall(
  { name, perMinute: times = 60 }: Operation,
  session: SessionRecord | undefined,
  context: Context,
): Promise<void> {
  if (session) return countUse(perMinute(name, 'calls by this user', times, context), session.openid, context)
  const shared = perMinute(name, 'calls from this address', times * CALLERS_AT_ADDRESS, context)
  return countUse(shared, addressOf(context), context)
}
