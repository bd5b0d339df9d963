import type { SettingName, Settings } from '../config/index.js'
import type { InputOf } from '../operation/index.js'
import type { PaymentProvider, ProviderId } from '../payment/provider.js'
import { chooseProvider, openProvider, providerSettings } from '../payment/registry.js'
import { weixinV3Entry } from '../payment/weixin-v3/entry.js'
import * as weixin from '../weixin/apis/index.js'
import { contextOf, type Instance, instanceOf } from './instance.js'
import { asParameters, callOperation, type Methods, methodsOf } from './methods.js'
import { checkOptions, optionSource } from './options.js'
import { type PaymentMethods, paymentMethods } from './payment/methods.js'
import { sandboxSource } from './payment/sandbox.js'
import { broughtToken, type PerCall } from './token.js'
import { type WeixinOptions, weixinOptionNames } from './weixinOptions.js'

const OWN = ['accessToken', 'timeout', 'store', 'sandbox', 'clientType'] as const

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
export function initWeixin(options: WeixinOptions): Weixin {
  checkOptions(options, weixinOptionNames, OWN)
  const source = optionSource('initWeixin options', options, weixinOptionNames)
  const instance = instanceOf([source], weixinOptionNames, options)
  const methods = methodsOf(weixin, async (operation, given) => {
    const { accessToken = options.accessToken, ...input } = asParameters(given)
    const more = { appId: options.appId, ...broughtToken(accessToken) }
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
      code2Session: (given) => code2Session(typeof given === 'string' ? { code: given } : given),
    },
    payment,
    ...payment,
  }
}

/** Opens the merchant's account with V3 where its settings are there, else with V2; the sandbox is V2's. */
function weixinPay(instance: Instance, inSandbox: boolean): () => Promise<PaymentProvider> {
  const sandbox = inSandbox ? sandboxSource(instance) : undefined
  return async () => {
    const sources = sandbox ? [await sandbox(), ...instance.sources] : instance.sources
    const context = contextOf({ ...instance, sources }, PAYMENT_SETTINGS)
    return openProvider(context, sandbox ? 'weixin-v2' : await versionOf(context.settings))
  }
}

async function versionOf(settings: Settings): Promise<ProviderId> {
  const name = settings.get('PAYMENT_PROVIDER')
  if (name !== undefined) return chooseProvider(settings, { name, family: 'weixin' })
  return (await weixinV3Entry.isConfigured(settings)) ? 'weixin-v3' : 'weixin-v2'
}
