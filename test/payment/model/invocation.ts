import { type SettingName, Settings, settingInfo } from '../../../shared/config/index.js'
import { storeUnavailable } from '../../../shared/errors/index.js'
import type { HttpAnswer, HttpRequest } from '../../../shared/http/http.js'
import { noAnswer } from '../../../shared/http/noAnswer.js'
import type { Context, Operation } from '../../../shared/operation/index.js'
import { closeOrder } from '../../../shared/payment/operations/closeOrder.js'
import { createOrder } from '../../../shared/payment/operations/createOrder.js'
import { eventDispatch } from '../../../shared/payment/operations/eventDispatch.js'
import { getOrderInfo } from '../../../shared/payment/operations/getOrderInfo.js'
import { orderQuery } from '../../../shared/payment/operations/orderQuery.js'
import { refund } from '../../../shared/payment/operations/refund.js'
import { refundQuery } from '../../../shared/payment/operations/refundQuery.js'
import { verifyPaymentNotify } from '../../../shared/payment/operations/verifyNotify.js'
import type { Documents } from '../../../shared/store/documents.js'
import { storeOver } from '../../../shared/store/store.js'
import { isWrite, type StoreCall } from './documents.js'
import type { Failure, Pending, Step } from './world.js'

/** What an invocation asks the world for. */
export type Request =
  | { kind: 'store'; call: StoreCall }
  | { kind: 'provider'; request: HttpRequest }
  | { kind: 'delivery'; event: { id: string; type: string } }

/** The product's functions, by what the model calls them. */
export const operations = {
  ...{ createOrder, getOrderInfo, orderQuery, closeOrder, refund, refundQuery },
  notice: verifyPaymentNotify,
  timer: eventDispatch,
} as const

export interface Call {
  operation: keyof typeof operations
  input: object
  httpCall?: Context['httpCall']
}

/** How an invocation came to its end. */
export type Ending = { result: unknown; context: Context } | { error: unknown; context: Context }

interface Waiting {
  request: Request
  settle(step: Omit<Step, 'key'>): void
}

export const pendingOf = (request: Request): Pending => {
  if (request.kind === 'store') {
    const { method, collection } = request.call
    const { _id = '' } = 'document' in request.call ? request.call.document : { _id: '' }
    const fields = 'selection' in request.call ? `by ${Object.keys(request.call.filter)}` : _id
    const about = 'id' in request.call ? request.call.id : fields
    return { key: `${method} ${collection}/${about}`, kind: isWrite(request.call) ? 'write' : 'read' }
  }
  if (request.kind === 'delivery') return { key: `deliver ${request.event.type}`, kind: 'delivery' }
  return {
    key: `ask ${new URL(request.request.url).pathname} ${methodIn(request.request)}`,
    kind: 'provider',
  }
}

/** Alipay has one address for everything. */
const methodIn = ({ url, body }: HttpRequest): string =>
  /(?:^|[?&])method=([\w.]+)/.exec(`${url}&${body}`)?.[1] ?? ''

/**
 * Runs one of the product's functions step by step: what it asks for is answered one at a time, and everything comes to
 * rest in between. The same answers lead to the same place. Where it asks for several things at once, which of them is
 * asked first depends on how long its modules take to load: a replay waits for what was answered next at that time.
 */
export class Invocation {
  readonly #queue: Waiting[] = []
  readonly #context: Context
  #ending: Ending | undefined
  #now: number

  constructor(env: Readonly<Record<string, string>>, call: Call, startedAt: number) {
    this.#now = startedAt
    this.#context = this.#contextFor(env, call)
    const operation = operations[call.operation] as unknown as Operation
    operation.run(call.input, this.#context).then(
      (result) => {
        this.#ending = { result, context: this.#context }
      },
      (error: unknown) => {
        this.#ending = { error, context: this.#context }
      },
    )
  }

  /** What it asks for next, that of this key where one is named; or how it ended. */
  async next(key?: string): Promise<Request | { ending: Ending }> {
    for (let turn = 0; turn < 10_000; turn++) {
      // What is loaded for the first time takes longer than a turn.
      await new Promise((resolve) => (turn < 10 ? setImmediate(resolve) : setTimeout(resolve, 1)))
      const at =
        key === undefined ? 0 : this.#queue.findIndex(({ request }) => pendingOf(request).key === key)
      const [wanted] = at < 0 ? [] : this.#queue.splice(at, 1)
      if (wanted) {
        this.#queue.unshift(wanted)
        return wanted.request
      }
      if (this.#ending) return { ending: this.#ending }
    }
    throw new Error('it waits for something that the model does not have')
  }

  /** Answers what {@link next} said. */
  settle(step: Omit<Step, 'key'>): void {
    this.#now = step.at
    this.#queue.shift()?.settle(step)
  }

  #ask<Answer>(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#queue.push({
        request,
        settle({ answer, failure }) {
          if (failure) reject(errorFor(failure, request))
          else if (answer instanceof Error) reject(answer)
          else resolve(answer as Answer)
        },
      })
    })
  }

  #contextFor(env: Readonly<Record<string, string>>, { operation, httpCall }: Call): Context {
    const names = Object.keys(settingInfo) as SettingName[]
    const store = storeOver(this.#documents())
    return {
      source: operation === 'timer' ? 'timer' : operation === 'notice' ? 'http' : 'server',
      settings: new Settings([{ label: 'the model', read: (name) => env[name] }], new Set(names)),
      store: async () => store,
      hasStore: true,
      http: { request: (request) => this.#ask<HttpAnswer>({ kind: 'provider', request }) },
      clock: {
        now: () => this.#now,
        // A pause between two tries is over at once; a limit on how long something may take is never reached.
        sleep: (_ms, signal) =>
          signal
            ? new Promise((resolve) => signal.addEventListener('abort', () => resolve()))
            : Promise.resolve(),
      },
      random: { bytes: (length) => Buffer.alloc(length, 7) },
      timeLeft: () => 60_000,
      requestId: 'model',
      note: () => undefined,
      upstream: () => undefined,
      ...(httpCall ? { httpCall } : {}),
      callFunction: (_name, data) => {
        const { id, type } = data as { id: string; type: string }
        return this.#ask({ kind: 'delivery', event: { id, type } })
      },
    }
  }

  #documents(): Documents {
    const ask = <Answer>(call: StoreCall) => this.#ask<Answer>({ kind: 'store', call })
    return {
      insert: (collection, document) => ask({ method: 'insert', collection, document }),
      get: (collection, id) => ask({ method: 'get', collection, id }),
      find: (collection, filter, selection) => ask({ method: 'find', collection, filter, selection }),
      update: (collection, id, filter, change) => ask({ method: 'update', collection, id, filter, change }),
      remove: (collection, id) => ask({ method: 'remove', collection, id }),
      expire: (collection, before) => ask({ method: 'expire', collection, before }),
      close: async () => undefined,
    }
  }
}

function errorFor(failure: Failure, request: Request): Error {
  if (failure === 'store down') return storeUnavailable(new Error('the model has cut it off'))
  const url = request.kind === 'provider' ? new URL(request.request.url) : new URL('https://shop.example.com')
  return noAnswer(url, { reason: 'ECONNRESET', timedOut: false, isUnsent: false })
}
