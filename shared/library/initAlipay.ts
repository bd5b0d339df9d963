import { ALIPAY_SANDBOX_GATEWAY } from '../config/alipayApp.js'
import type { SettingSource } from '../config/index.js'
import { invalidParam } from '../errors/index.js'
import { alipay } from '../generated/apis.js'
import type { InputOf } from '../operation/index.js'
import { alipayEntry } from '../payment/alipay/entry.js'
import type { ClientType } from '../payment/fields.js'
import { openProvider } from '../payment/registry.js'
import { checkOptions, knownOptions } from './checkOptions.js'
import type { CommonOptions } from './instance.js'
import { contextOf, instanceOf } from './instance.js'
import { callOperation, type Methods, methodsOf } from './methods.js'
import { endpointNames, type FileOption, type OptionNames, optionSource, withoutUniPays } from './options.js'
import { type PaymentMethods, paymentMethods } from './payment/methods.js'

export interface AlipayOptions extends CommonOptions {
  appId: string
  /** The application's private key: PEM, or the line of base64 that Alipay's tool gives. */
  privateKey: FileOption
  /** Found out from the key itself; taken because programs give it. */
  keyType?: 'PKCS8' | 'PKCS1'
  /** Alipay's public key, not the application's: without it, or the certificates, nothing can be paid. */
  alipayPublicKey?: FileOption
  /** Certificate mode, in place of `alipayPublicKey`: all three. */
  appCert?: FileOption
  alipayPublicCert?: FileOption
  alipayRootCert?: FileOption
  /** `RSA2` (default) or `RSA`. */
  signType?: 'RSA2' | 'RSA'
  /** The account that is paid; notices about another one are refused. */
  sellerId?: string
  /** Base64 of 16 bytes, for phone numbers. */
  aesKey?: string
  /** Alipay's sandbox, which has applications and keys of its own. */
  sandbox?: boolean
  /** Where payers are, for calls of `getOrderInfo` that do not say so. */
  clientType?: ClientType
}

export const alipayOptionNames: OptionNames = {
  ...endpointNames,
  ALIPAY_APP_ID: 'appId',
  ALIPAY_PRIVATE_KEY: 'privateKey',
  ALIPAY_PUBLIC_KEY: 'alipayPublicKey',
  ALIPAY_APP_CERT: 'appCert',
  ALIPAY_PUBLIC_CERT: 'alipayPublicCert',
  ALIPAY_ROOT_CERT: 'alipayRootCert',
  ALIPAY_SIGN_TYPE: 'signType',
  ALIPAY_SELLER_ID: 'sellerId',
  ALIPAY_AES_KEY: 'aesKey',
}

/** uni-pay's further options, and what to write in their place. */
const UNI_PAYS = {
  mchId: 'sellerId',
  gateway: 'endpoints.alipayGateway',
  charset: 'always utf-8',
  version: 'always 1.0',
  timeOffset: 'always Beijing',
}

const OTHER_OPTIONS = ['keyType', 'timeout', 'store', 'sandbox', 'clientType'] as const

const NO_SECRET =
  "Alipay has none; privateKey is meant, the application's own private key, with alipayPublicKey beside it"

/** `secret` stands in a sample of the document. */
const LIKELY = {
  ...{ secret: NO_SECRET, appSecret: NO_SECRET, key: NO_SECRET },
  publicKey: "alipayPublicKey is meant, Alipay's key; the application's own is not needed",
}

const known = knownOptions(
  "initAlipay({ appId: '2021...', privateKey: '...' })",
  alipayOptionNames,
  OTHER_OPTIONS,
  LIKELY,
)

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
export function initAlipay(given: AlipayOptions): Alipay {
  const options = withoutUniPays('initAlipay', given, UNI_PAYS)
  checkOptions(options, known)
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
    open: async (signType) => {
      if (signType !== undefined) throw invalidParam('signType', 'only WeChat Pay V2 lets a call choose it')
      return openProvider(contextOf(instance, alipayEntry.settings), 'alipay')
    },
  })
  return {
    ...methods,
    auth: { code2Session: (given) => code2Session(typeof given === 'string' ? { code: given } : given) },
    payment,
    ...payment,
  }
}
