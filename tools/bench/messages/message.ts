import type { HttpCall } from '../../../shared/operation/index.js'

/**
 * Makes a message as its sender does. `text` is what the merchant once attached to the order, which comes back with
 * it; what a forged one is signed for is another text.
 */
export type Compose<Message> = (text: string, forged?: boolean) => Message

export const FORGERY = 'x'

export const callWith = (rawBody: Buffer, headers: Record<string, string> = {}): HttpCall => ({
  ...{ method: 'POST', path: '/', query: {}, headers, rawBody },
})
