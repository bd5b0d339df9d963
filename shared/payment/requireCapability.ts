import { OpenapiError } from '../errors/index.js'
import { failure } from './failures.js'
import type { PaymentProvider } from './provider.js'

/** What not every provider has, and what serves in its place. */
const elsewhere = {
  closeOrder: 'let the order expire (expireMinutes)',
  cancelOrder: 'only Alipay cancels; close an unpaid order with closeOrder, give back a paid one with refund',
  refund: 'give the money back in the merchant console',
  refundQuery: 'look into the merchant console',
  downloadBill: 'look into the merchant console',
  downloadFundflow:
    "only WeChat Pay has it; Alipay's downloadBill with billType signcustomer tells all that moved on the account",
  encryptSensitive: 'only WeChat Pay V3 has encrypted fields',
  decryptSensitive: 'only WeChat Pay V3 has encrypted fields',
} as const

export type Capability = keyof typeof elsewhere

/** The method of a provider that not every one has. NOT_OFFERED says what to do without. */
export function requireCapability<Name extends Capability>(
  provider: PaymentProvider,
  name: Name,
): NonNullable<PaymentProvider[Name]> {
  const method = provider[name]
  if (method) return method
  const { errCode, errMsg, advice, status } = failure('NOT_OFFERED')
  throw new OpenapiError({
    ...{ errCode, advice, status },
    errMsg: `payment.${name} of ${provider.id}: ${errMsg}: ${elsewhere[name]}`,
  })
}
