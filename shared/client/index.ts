import type { Apis, Functions } from '../generated/functions.js'

export type { Apis, Functions } from '../generated/functions.js'

/** The functions a client may call; those with a limited quota only where OPENAPI_CLIENT_FUNCTIONS names them. */
export type FunctionName = keyof Functions

/** The dotted names of the same, for `callApi`. */
export type ApiName = keyof Apis

/** `appid` names one of several applications of the deployment; a session belongs to the one it logged in to. */
export type DataOf<Name extends FunctionName> = Functions[Name]['data'] & { appid?: string }

export type ResultOf<Name extends FunctionName> = Functions[Name]['result']

/** What `callFunction` rejects with when a function refuses or fails: an Error with these fields. */
export interface CallFailure {
  /** The provider's number, or one of ours such as LOGIN_REQUIRED. */
  errCode: number | string
  /** The same sentence as `message`. */
  errMsg: string
  /** What to do about it: retry, wait, ask the user, ... */
  advice: string
  requestId: string
  /** `unknown`: it may have taken effect. */
  outcome?: 'unknown'
}

export interface Client {
  /** Calls a function by its name. Rejects with {@link CallFailure}. */
  callFunction<Name extends FunctionName>(name: Name, data: DataOf<Name>): Promise<ResultOf<Name>>
  /** The same through the one function `openapi`, by the dotted name. */
  callApi<Name extends ApiName>(name: Name, data: DataOf<Apis[Name]>): Promise<ResultOf<Apis[Name]>>
}

/** Takes the data to the function of that name and brings back what it answered. */
export type Send = (name: string, data: object) => Promise<unknown>

/** A client whose calls travel by `send`: a POST to a URL of Function Compute, say. */
export function clientOver(send: Send): Client {
  const call = async (name: string, data: object) => {
    const answer = (await send(name, data)) as { errSubject?: string; errMsg: string }
    // Only a refusal has it: some successes carry a code of the provider's.
    if (answer.errSubject) throw Object.assign(new Error(answer.errMsg), answer)
    return answer as never
  }
  return { callFunction: call, callApi: (api, data) => call('openapi', { api, data }) }
}

interface UniCloud {
  callFunction(call: { name: string; data: object }): Promise<{ result: unknown }>
}

declare const uniCloud: UniCloud

const overUniCloud: Client = clientOver(
  async (name, data) => (await uniCloud.callFunction({ name, data })).result,
)

export const callFunction: Client['callFunction'] = overUniCloud.callFunction

export const callApi: Client['callApi'] = overUniCloud.callApi
