import type { SettingName, SettingSource, Settings } from '../config/index.js'
import { invalidParam } from '../errors/index.js'
import { weixin } from '../generated/apis.js'
import type { InputOf } from '../operation/index.js'
import type { ClientType } from '../payment/fields.js'
import type { ProviderId } from '../payment/provider.js'
import { chooseProvider, openProvider, providerSettings } from '../payment/registry.js'
import { weixinV3Entry } from '../payment/weixin-v3/entry.js'
import { checkOptions, knownOptions } from './checkOptions.js'
import { type CommonOptions, contextOf, type Instance, instanceOf } from './instance.js'
import { asParameters, callerToken, callOperation, type Methods, methodsOf, type PerCall } from './methods.js'
import { endpointNames, type FileOption, type OptionNames, optionSource, withoutUniPays } from './options.js'
import { type PaymentAccount, type PaymentMethods, paymentMethods } from './payment/methods.js'
import { sandboxSource } from './payment/sandbox.js'

export interface WeixinOptions extends CommonOptions {
  appId: string
  /** Needed unless every call brings an `accessToken`. */
  secret?: string
  /** Used as it is by all calls that name none of their own; nothing is fetched or refreshed then. */
  accessToken?: string
  /** How tokens are fetched here: `stable` (default) lets other systems do the same, `plain` makes theirs invalid. */
  tokenMode?: 'stable' | 'plain'
  /** WeChat's signed and encrypted server API, off without this. */
  apiSecurity?: {
    symmetricKey: string
    symmetricKeySn: string
    privateKey: string
    cert: string
    certSn: string
  }
  /** The merchant, for `payment`. */
  mchId?: string
  /** The API key of WeChat Pay V2. */
  key?: string
  /** V2: `MD5` (default) or `HMAC-SHA256`. */
  signType?: 'MD5' | 'HMAC-SHA256'
  /** V2: `apiclient_cert.p12`, for refunds and fund-flow bills; or the two PEM files below. */
  pfx?: FileOption
  cert?: FileOption
  certKey?: FileOption
  /** V2's sandbox, which has no mini programs. */
  sandbox?: boolean
  /** The API key of WeChat Pay V3. With this and the next two, V3 is used. */
  v3Key?: string
  /** V3: the serial number of the merchant's API certificate. */
  serialNo?: string
  /** V3: `apiclient_key.pem`. */
  privateKey?: FileOption
  /** V3: WeChat Pay's public key and its id; without them platform certificates are fetched. */
  publicKeyId?: string
  publicKey?: FileOption
  /** Which of the two to use where both are set up; V3 unless said otherwise. */
  paymentProvider?: 'weixin-v2' | 'weixin-v3'
  /** Where payers are, for calls of `getOrderInfo` that do not say so. */
  clientType?: ClientType
}

/** One application, whatever its kind: who may pay under it is decided by where it runs. */
export const weixinOptionNames: OptionNames = {
  ...endpointNames,
  WEIXIN_APP_ID: 'appId',
  WEIXIN_OPEN_APP_ID: 'appId',
  WEIXIN_H5_APP_ID: 'appId',
  WEIXIN_APP_SECRET: 'secret',
  WEIXIN_TOKEN_MODE: 'tokenMode',
  WEIXIN_API_SYMMETRIC_KEY: 'apiSecurity.symmetricKey',
  WEIXIN_API_SYMMETRIC_KEY_SN: 'apiSecurity.symmetricKeySn',
  WEIXIN_API_PRIVATE_KEY: 'apiSecurity.privateKey',
  WEIXIN_API_CERT: 'apiSecurity.cert',
  WEIXIN_API_CERT_SN: 'apiSecurity.certSn',
  WEIXIN_MCH_ID: 'mchId',
  WEIXIN_PAY_KEY: 'key',
  WEIXIN_PAY_SIGN_TYPE: 'signType',
  WEIXIN_PAY_PFX: 'pfx',
  WEIXIN_PAY_CERT: 'cert',
  WEIXIN_PAY_CERT_KEY: 'certKey',
  WEIXIN_PAY_V3_KEY: 'v3Key',
  WEIXIN_PAY_SERIAL_NO: 'serialNo',
  WEIXIN_PAY_PRIVATE_KEY: 'privateKey',
  WEIXIN_PAY_PUBLIC_KEY_ID: 'publicKeyId',
  WEIXIN_PAY_PUBLIC_KEY: 'publicKey',
  PAYMENT_PROVIDER: 'paymentProvider',
}

/** uni-pay's further options, and what to write in their place. */
const UNI_PAYS = {
  sandboxKey: 'fetched by itself',
  passphrase: 'the mchId opens the pfx',
}

const OTHER_OPTIONS = ['accessToken', 'timeout', 'store', 'sandbox', 'clientType'] as const

const known = knownOptions("initWeixin({ appId: 'wx...', secret: '...' })", weixinOptionNames, OTHER_OPTIONS)

/** The client certificate's settings are declared by those functions alone that use it; here every option counts. */
const PAYMENT_SETTINGS = [...providerSettings, ...(Object.keys(weixinOptionNames) as SettingName[])]

type WeixinMethods = Methods<typeof weixin, PerCall>

type WeixinPayment = PaymentMethods<Readonly<Record<string, string>>>

export interface Weixin extends Omit<WeixinMethods, 'auth'>, WeixinPayment {
  readonly auth: Omit<WeixinMethods['auth'], 'code2Session'> & {
    /** Takes the code alone as well, as the documents show it. */
    code2Session(
      given: string | InputOf<typeof weixin.auth.code2Session>,
    ): ReturnType<WeixinMethods['auth']['code2Session']>
  }
  /** The same methods as on the instance itself, where uni-pay has them. */
  readonly payment: WeixinPayment
}

/**
 * WeChat's open APIs and WeChat Pay for one application. Methods take camelCase parameters and answer
 * `{ errCode: 0, errMsg, ... }`, pictures as `{ contentType, buffer }`; they reject with an error that has `errCode`
 * and `errMsg`. INVALID_PARAM for an option that does not exist.
 */
export function initWeixin(given: WeixinOptions): Weixin {
  const options = withoutUniPays('initWeixin', given, UNI_PAYS)
  checkOptions(options, known)
  const source = optionSource('initWeixin options', options, weixinOptionNames)
  const instance = instanceOf([source], weixinOptionNames, options)
  const methods = methodsOf(weixin, async (operation, given) => {
    const { accessToken = options.accessToken, ...input } = asParameters(given)
    const more = { appId: options.appId, ...callerToken(accessToken) }
    return callOperation(instance, operation, input, more)
  }) as unknown as WeixinMethods
  const { code2Session } = methods.auth
  const payment: WeixinPayment = paymentMethods({
    instance,
    clientType: options.clientType,
    open: weixinPay(instance, options.sandbox === true),
  })
  return {
    ...methods,
    auth: {
      ...methods.auth,
      code2Session: async (given) => code2Session(loginOf(given)),
    },
    payment,
    ...payment,
  }
}

/** Samples of the documents call `code2Session` where they mean `getPaidUnionId`. INVALID_PARAM says so. */
function loginOf(
  given: string | InputOf<typeof weixin.auth.code2Session>,
): InputOf<typeof weixin.auth.code2Session> {
  if (typeof given === 'string') return { code: given }
  const { code, openid } = asParameters(given)
  if (code !== undefined || openid === undefined) return given
  throw invalidParam(
    'code',
    'required, from wx.login; with an openid and an order, auth.getPaidUnionId is meant',
  )
}

/** Opens the merchant's account with V3 where its settings are there, else with V2; the sandbox is V2's. */
function weixinPay(instance: Instance, inSandbox: boolean): PaymentAccount['open'] {
  const sandbox = inSandbox ? sandboxSource(instance) : undefined
  return async (signType) => {
    const settings = sandbox ? [await sandbox(), ...instance.sources] : instance.sources
    const sources = signType === undefined ? settings : [signedBy(signType), ...settings]
    const context = contextOf({ ...instance, sources }, PAYMENT_SETTINGS)
    const version = sandbox ? 'weixin-v2' : await versionOf(context.settings)
    if (signType !== undefined && version !== 'weixin-v2') {
      throw invalidParam('signType', `only WeChat Pay V2 lets a call choose it; this is ${version}`)
    }
    return openProvider(context, version)
  }
}

const signedBy = (signType: string): SettingSource => ({
  label: 'the call',
  read: (name) => (name === 'WEIXIN_PAY_SIGN_TYPE' ? signType : undefined),
})

async function versionOf(settings: Settings): Promise<ProviderId> {
  const name = settings.get('PAYMENT_PROVIDER')
  if (name !== undefined) return chooseProvider(settings, { name, family: 'weixin' })
  return (await weixinV3Entry.isConfigured(settings)) ? 'weixin-v3' : 'weixin-v2'
}
