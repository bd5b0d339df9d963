import { rememberedCertificates } from '../../../../shared/certificates/source.js'
import { OpenapiError } from '../../../../shared/errors/index.js'
import { callV3 } from '../../../../shared/payment/weixin-v3/client.js'
import { v3Client } from '../../../../shared/payment/weixin-v3/index.js'
import type { V3Merchant } from '../../../../shared/payment/weixin-v3/signature.js'
import { v3MerchantsOf } from '../../accounts.js'
import { check, each } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import type { Finding, Remarks, Say } from '../../finding.js'
import { errorText, NoAnswer } from '../../skipped.js'
import { appNotBound, unknownOrderNumber } from './probe.js'

export const weixinPayV3AppRemarks = {
  bound: {
    level: 'ok',
    what: { en: '{app} is bound to the merchant {merchant}', zh: '应用 {app} 已与商户 {merchant} 绑定' },
  },
  'not-bound': appNotBound,
  'no-permission': {
    level: 'warn',
    what: {
      en: 'the merchant {merchant} may not take payments in mini programs or official accounts: {said}',
      zh: '商户 {merchant} 没有小程序/公众号支付权限：{said}',
    },
    why: { en: 'Payments in {app} will be refused.', zh: '应用 {app} 中的支付会被拒绝。' },
    mend: {
      en: 'Open JSAPI payment in the merchant console under Products.',
      zh: '请在商户平台“产品中心”开通 JSAPI 支付。',
    },
  },
  'not-told': {
    level: 'skipped',
    what: {
      en: 'WeChat Pay does not tell whether {app} is bound to {merchant}: {said}',
      zh: '微信支付没有说明 {app} 是否与商户 {merchant} 绑定：{said}',
    },
  },
} as const satisfies Remarks

type Code = keyof typeof weixinPayV3AppRemarks

/**
 * No query of V3 names an application, so this asks for an order whose payer does not exist. WeChat Pay checks
 * the application before the payer, and refuses in either case; no order is made.
 */
export const weixinPayV3App = check({
  id: 'weixinPay.v3App',
  title: { en: 'The application is bound to the V3 merchant', zh: '应用已与 V3 商户绑定' },
  network: true,
  remarks: weixinPayV3AppRemarks,
  run: (doctor, say) =>
    each(doctor, v3MerchantsOf(doctor), (merchant) => {
      const apps = merchant.apps.filter(({ kind }) => kind !== 'app')
      return each(doctor, apps, async ({ appId }) => [await verdict(doctor, merchant, appId, say)])
    }),
})

const codes: Readonly<Record<string, Code>> = {
  APPID_MCHID_NOT_MATCH: 'not-bound',
  NO_AUTH: 'no-permission',
}

async function verdict(doctor: Doctor, merchant: V3Merchant, app: string, say: Say<Code>): Promise<Finding> {
  const about = { app, merchant: merchant.mchId }
  try {
    await requestImpossibleOrder(doctor, merchant, app)
    return say('bound', about)
  } catch (error) {
    if (error instanceof NoAnswer || !(error instanceof OpenapiError)) throw error
    // A refusal of the payer shows that the application was accepted.
    const otherwise = /openid/i.test(error.errMsg) ? 'bound' : 'not-told'
    return say(codes[error.errCode] ?? otherwise, { ...about, said: errorText(error) })
  }
}

function requestImpossibleOrder(doctor: Doctor, merchant: V3Merchant, appid: string): Promise<unknown> {
  const client = v3Client(merchant, doctor.operationContext(), rememberedCertificates())
  return callV3(client, {
    method: 'POST',
    target: '/v3/pay/transactions/jsapi',
    body: {
      ...{ appid, mchid: merchant.mchId, description: 'doctor', out_trade_no: unknownOrderNumber(doctor) },
      notify_url: 'https://doctor.invalid/',
      amount: { total: 1, currency: 'CNY' },
      payer: { openid: `o${doctor.random.bytes(14).toString('hex').slice(0, 27)}` },
    },
    repeat: 'never',
  })
}
