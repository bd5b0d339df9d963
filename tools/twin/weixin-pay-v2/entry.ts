import type { World } from '../contract.js'
import type { Orders } from './orders.js'
import type { Message, SignType } from './signature.js'

export interface PayWorld extends World {
  readonly orders: Orders
}

export interface Rule {
  required?: boolean | ((message: Message) => boolean)
  accepts?: (value: string) => boolean
}

/** What is asked of the fields of a request. Fields that nobody describes are signed like all others, and ignored. */
export type Rules = Readonly<Record<string, Rule>>

/** One V2 endpoint: what it asks of a request is data, `answer` gives the fields that go with result_code SUCCESS. */
export interface Entry {
  name: string
  path: string
  rules: Rules
  answer(request: Message, world: PayWorld, signType: SignType): Record<string, string>
}

/** A business failure: signed, under result_code FAIL. */
export class BusinessFailure extends Error {
  constructor(
    readonly code: string,
    description: string,
  ) {
    super(description)
  }
}

/** A failure before anybody knows who is speaking: return_code FAIL, with no signature. */
export class Unreadable extends Error {}

export function checkRules(rules: Rules, request: Message): void {
  for (const [name, { required, accepts }] of Object.entries(rules)) {
    const value = request[name] ?? ''
    const needed = typeof required === 'function' ? required(request) : required === true
    if (value === '' && needed) throw new BusinessFailure('LACK_PARAMS', `缺少参数: ${name}`)
    if (value !== '' && accepts && !accepts(value))
      throw new BusinessFailure('PARAM_ERROR', `invalid ${name}`)
  }
}
