import * as alipay from '../alipay/apis/index.js'
import { ALIPAY_SANDBOX_GATEWAY } from '../config/alipayApp.js'
import type { SettingSource } from '../config/index.js'
import type { InputOf } from '../operation/index.js'
import { alipayEntry } from '../payment/alipay/entry.js'
import { openProvider } from '../payment/registry.js'
import { type AlipayOptions, alipayOptionNames } from './alipayOptions.js'
import { contextOf, instanceOf } from './instance.js'
import { callOperation, type Methods, methodsOf } from './methods.js'
import { checkOptions, optionSource } from './options.js'
import { type PaymentMethods, paymentMethods } from './payment/methods.js'

const OWN = ['keyType', 'timeout', 'store', 'sandbox', 'clientType'] as const

type AlipayMethods = Methods<typeof alipay>

type AlipayPayment = PaymentMethods<string>

export interface Alipay extends Omit<AlipayMethods, 'auth'>, AlipayPayment {
  readonly auth: {
    /** Takes the code alone as well, as the documents show it. */
    code2Session(
      given: string | InputOf<typeof alipay.auth.code2Session>,
    ): ReturnType<AlipayMethods['auth']['code2Session']>
  }
  /** The same methods as on the instance itself, where uni-pay has them. */
  readonly payment: AlipayPayment
}

const sandboxSource: SettingSource = {
  label: 'the sandbox',
  read: (name) => (name === 'ALIPAY_GATEWAY_URL' ? ALIPAY_SANDBOX_GATEWAY : undefined),
}

/**
 * Alipay's open APIs and payments for one application, in the same shape as `initWeixin`. INVALID_PARAM for an option
 * that does not exist.
 */
export function initAlipay(options: AlipayOptions): Alipay {
  checkOptions(options, alipayOptionNames, OWN)
  const source = optionSource('initAlipay options', options, alipayOptionNames)
  const sources = options.sandbox ? [source, sandboxSource] : [source]
  const instance = instanceOf(sources, alipayOptionNames, options)
  const methods = methodsOf(alipay, (operation, given) =>
    callOperation(instance, operation, given, { appId: options.appId }),
  ) as unknown as AlipayMethods
  const { code2Session } = methods.auth
  const payment: AlipayPayment = paymentMethods({
    instance,
    clientType: options.clientType,
    open: () => openProvider(contextOf(instance, alipayEntry.settings), 'alipay'),
  })
  return {
    ...methods,
    auth: { code2Session: (given) => code2Session(typeof given === 'string' ? { code: given } : given) },
    payment,
    ...payment,
  }
}
