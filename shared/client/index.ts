import type { Apis, Functions as Ours } from '../generated/functions.js'

export type { Apis } from '../generated/functions.js'

/**
 * The functions a client may call; those with a limited quota only where OPENAPI_CLIENT_FUNCTIONS names them. One's own
 * are added where this is augmented: `declare module 'unicloud-openapi/client' { interface Functions { buy: { data:
 * { goods: string }; result: { payToken: string } } } }`.
 */
export interface Functions extends Ours {}

export type FunctionName = keyof Functions

/** The dotted names of ours, for `callApi`. */
export type ApiName = keyof Apis

/** `appid` names one of several applications of the deployment; a session belongs to the one it logged in to. */
export type DataOf<Name extends FunctionName> = Name extends keyof Ours
  ? Ours[Name]['data'] & { appid?: string }
  : Functions[Name]['data']

export type ResultOf<Name extends FunctionName> = Functions[Name]['result']

/** What `getOrderInfo` may answer: what the client's payment call takes, by `clientType` and `provider`. */
export type OrderInfoAnswer = Ours['getOrderInfo']['result']

/** Where a payer is, by uni-app's names. */
export type ClientType = OrderInfoAnswer['clientType']

/** The part of it that is for these clients. */
export type OrderInfoFor<Where extends ClientType> = OrderInfoAnswer extends infer Answer
  ? Answer extends { clientType: infer Own }
    ? [Extract<Own, Where>] extends [never]
      ? never
      : Answer
    : never
  : never

/** The part of it that a login gets which says no more: WeChat's are of mini programs. */
type OrderInfoOfLogin = Extract<OrderInfoAnswer, { clientType: 'mp-weixin' } | { provider: 'alipay' }>

type FieldOf<Data> = Data extends unknown ? keyof Data : never

/** Stands in the compiler's complaint about a field that the function does not take. */
interface NotTaken<Name, Field> {
  readonly by: Name
  readonly field: Field
}

/** Refuses such fields: a call keeps the type of its own data, since what comes back depends on it. */
type Exactly<Name extends FunctionName, Data> = {
  [Field in keyof Data]: Field extends FieldOf<DataOf<Name>> ? unknown : NotTaken<Name, Field>
}

/** What a function answers to this data: that of `getOrderInfo` says where the payer is, or that there is a login. */
export type ResultFor<Name extends FunctionName, Data> = Name extends 'getOrderInfo'
  ? Data extends { clientType: infer Where extends ClientType }
    ? OrderInfoFor<Where>
    : Data extends { sessionToken: string } | { code: string }
      ? OrderInfoOfLogin
      : OrderInfoAnswer
  : ResultOf<Name>

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
  callFunction<Name extends FunctionName, Data extends DataOf<Name>>(
    name: Name,
    data: Data & Exactly<Name, Data>,
  ): Promise<ResultFor<Name, Data>>
  /** The same through the one function `openapi`, by the dotted name. */
  callApi<Name extends ApiName, Data extends DataOf<Apis[Name]>>(
    name: Name,
    data: Data & Exactly<Apis[Name], Data>,
  ): Promise<ResultFor<Apis[Name], Data>>
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

const all: Client & { clientOver(send: Send): Client } = { callFunction, callApi, clientOver }

export default all
