import { MAX_FEN } from '../money/index.js'
import { choice, integer, text } from '../operation/fields.js'
import { providerIds } from './provider.js'

/** Texts that every provider's wire can carry: no control characters, and no half of a character. */
const WRITABLE = /^[^\p{Cc}\p{Cs}]*$/u

export const outTradeNo = text({
  max: 64,
  pattern: /^[A-Za-z0-9_|*-]+$/,
  like: 'your own order number, 6 to 32 letters, digits or underscores',
})

export const transactionId = text({
  max: 64,
  pattern: /^[A-Za-z0-9]+$/,
  like: "the provider's number of the payment",
})

/** Fen; `fen()` gives it its type where it is used. */
export const totalFee = integer(1, MAX_FEN, 'a whole number of fen, such as 100 for one yuan')

export const body = text({ max: 128, pattern: WRITABLE, like: 'what the payer sees, at most 128 characters' })

export const attach = text({ max: 127, pattern: WRITABLE, like: 'at most 127 characters of your own data' })

export const openid = text({
  max: 128,
  pattern: /^[\w-]+$/,
  like: 'the openid that authCode2Session answered',
})

export const payToken = text({
  max: 128,
  pattern: /^[\w-]+$/,
  like: 'the payToken that createOrder answered',
})

export const provider = choice(providerIds)

export const mchId = text({
  max: 32,
  pattern: /^\d+$/,
  like: "the merchant's id, or for Alipay the application's",
})

/** Minutes. */
export const expireMinutes = integer(
  1,
  7 * 24 * 60,
  'after how many minutes an unpaid order dies, 1 to 10080',
)

/** Absolute and without a query: providers cut queries off, or refuse them. */
export const notifyUrl = text({
  max: 255,
  pattern: /^https?:\/\/[^\s?#]+$/,
  like: 'an absolute URL without a query string',
})
