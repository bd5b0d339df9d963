import { meaningsOf as meaningsOfEntries, type OpenapiError, openapiError } from '../errors/index.js'
import * as table from '../errors/payment.js'
import type { ErrorMeanings } from '../operation/index.js'

/** Goes when no file of payment/ asks for it any more: they name the entries of the table themselves. */
const failures = {
  ORDER_NOT_FOUND: table.ORDER_NOT_FOUND,
  ORDER_PAID: table.ORDER_PAID,
  ORDER_CLOSED: table.ORDER_CLOSED,
  OUT_TRADE_NO_USED: table.OUT_TRADE_NO_USED,
  ORDER_NOT_PAID: table.ORDER_NOT_PAID,
  ORDER_NOT_BEGUN: table.ORDER_NOT_BEGUN,
  CLOSE_UNFINISHED: table.CLOSE_UNFINISHED,
  OUT_REFUND_NO_USED: table.OUT_REFUND_NO_USED,
  REFUND_TOO_MUCH: table.REFUND_TOO_MUCH,
  REFUND_NOT_FOUND: table.REFUND_NOT_FOUND,
  NOT_OFFERED: table.NOT_OFFERED,
  UNKNOWN_MERCHANT: table.UNKNOWN_MERCHANT,
} as const

export const failure = (code: keyof typeof failures): OpenapiError => openapiError(failures[code])

export const meaningsOf = (...codes: (keyof typeof failures)[]): ErrorMeanings =>
  meaningsOfEntries(...codes.map((code) => failures[code]))
