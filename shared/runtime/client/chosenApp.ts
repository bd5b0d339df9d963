import { invalidParam } from '../../errors/index.js'
import type { Context, Operation } from '../../operation/index.js'

/** A call's own fields, and the world as this call sees it. */
export interface Call {
  input: Record<string, unknown>
  context: Context
}

/**
 * Where a deployment serves several applications, a call may name one with `appid`, beside whatever its operation
 * takes. Only applications in the settings exist: nobody brings a secret along.
 */
export function chosenApp(operation: Operation, { input, context }: Call): Call {
  if (takesField(operation, 'appid') || !('appid' in input)) return { input, context }
  const { appid, ...rest } = input
  if (typeof appid !== 'string' || !/^\w{1,32}$/.test(appid)) {
    throw invalidParam('appid', 'expected the id of one of the applications in the settings')
  }
  return { input: rest, context: { ...context, appId: appid } }
}

/** Whether a name that a door would take for itself is one of the operation's own parameters. */
export const takesField = ({ input }: Operation, name: string): boolean =>
  'entries' in input && name in (input.entries as object)
