import { OpenapiError } from '../../../shared/errors/index.js'
import { callV3, rememberedCertificates, weixinV3Line } from '../../../shared/payment/weixin-v3/index.js'
import { type V3Merchant, v3MerchantsOf } from '../accounts.js'
import { check } from '../check.js'
import { saidBy } from '../common.js'
import { each } from '../examine.js'
import type { Finding, Say } from '../finding.js'
import { NoAnswer } from '../hindrance.js'
import { nobodysNumber } from '../payProbe.js'
import { weixinPayV3AppRemarks } from '../remarks/weixinPayV3App.js'
import type { World } from '../world.js'

type Code = keyof typeof weixinPayV3AppRemarks

/**
 * No query of V3 names an application, so this asks for an order that can never be: its payer is nobody. WeChat Pay
 * looks at the application before the payer, and refuses one way or the other; nothing is made.
 */
export const weixinPayV3App = check({
  id: 'weixinPay.v3App',
  title: { en: 'The application is bound to the V3 merchant', zh: '应用已与 V3 商户绑定' },
  network: true,
  remarks: weixinPayV3AppRemarks,
  run: (world, say) =>
    each(world, v3MerchantsOf(world), (merchant) => {
      const apps = merchant.apps.filter(({ kind }) => kind !== 'app')
      return each(world, apps, async ({ appId }) => [await verdict(world, merchant, appId, say)])
    }),
})

const codes: Readonly<Record<string, Code>> = {
  APPID_MCHID_NOT_MATCH: 'not-bound',
  NO_AUTH: 'no-permission',
}

async function verdict(world: World, merchant: V3Merchant, app: string, say: Say<Code>): Promise<Finding> {
  const about = { app, merchant: merchant.mchId }
  try {
    await askForNothing(world, merchant, app)
    return say('bound', about)
  } catch (error) {
    if (error instanceof NoAnswer || !(error instanceof OpenapiError)) throw error
    // Whoever finds fault with the payer has nothing against the application.
    const otherwise = /openid/i.test(error.errMsg) ? 'bound' : 'not-told'
    return say(codes[error.errCode] ?? otherwise, { ...about, said: saidBy(error) })
  }
}

function askForNothing(world: World, merchant: V3Merchant, appid: string): Promise<unknown> {
  const line = weixinV3Line(merchant, world.context(), rememberedCertificates())
  return callV3(line, {
    method: 'POST',
    target: '/v3/pay/transactions/jsapi',
    body: {
      ...{ appid, mchid: merchant.mchId, description: 'doctor', out_trade_no: nobodysNumber(world) },
      notify_url: 'https://doctor.invalid/',
      amount: { total: 1, currency: 'CNY' },
      payer: { openid: `o${world.random.bytes(14).toString('hex').slice(0, 27)}` },
    },
    repeat: 'never',
  })
}
