import { beijingDayStart, DAY_MS } from '../../clock.js'
import { sha256Hex } from '../../crypto/digest.js'
import type { Context, Operation } from '../../operation/index.js'
import { addressOf, countUse, type RateLimit } from '../../operation/rateLimit.js'
import type { Bytes } from '../../weixin/answer.js'

/**
 * What nobody asked for before takes of a quota for life (100,000 codes in all, for some) and of the room in which
 * orders are kept. At this pace one user alone would need years for the first.
 */
const NEW_A_DAY = 100

/**
 * Answers a client from what was made before for the same input, where the operation allows it: a mini-program code
 * never changes, and WeChat counts every one that is made.
 */
export async function throughCodeCache(
  operation: Operation,
  input: unknown,
  context: Context,
  make: () => Promise<unknown>,
): Promise<unknown> {
  if (!operation.keepDays) return make()
  const { codes } = await context.store()
  const now = context.clock.now()
  const key = keyOf(operation, input, context)
  const found = await codes.find(key, now)
  if (found)
    return { contentType: found.contentType, buffer: Buffer.from(found.base64, 'base64') } satisfies Bytes
  await countUse(newCodeLimit(operation, now), context.session?.openid ?? addressOf(context), context)
  const made = (await make()) as Bytes
  const expiresAt = now + operation.keepDays * DAY_MS
  await codes.put({ key, contentType: made.contentType, base64: made.buffer.toString('base64'), expiresAt })
  return made
}

const newCodeLimit = ({ name }: Operation, now: number): RateLimit => ({
  what: `${name} made`,
  words: { things: 'new ones by this user', again: 'tomorrow' },
  times: NEW_A_DAY,
  windowEnd: beijingDayStart(now) + DAY_MS,
})

/** Whatever order a caller wrote its fields in, validation has put them into that of the schema. */
const keyOf = ({ name }: Operation, input: unknown, { session }: Context): string =>
  sha256Hex(`${name}\n${session?.appId ?? ''}\n${JSON.stringify(input)}`)
