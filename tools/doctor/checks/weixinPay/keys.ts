import type { WeixinMerchant } from '../../../../shared/config/weixinMerchant.js'
import { merchantsOf } from '../../accounts.js'
import { check, each } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import type { Finding, Remarks, Say } from '../../finding.js'
import { NoAnswer } from '../../skipped.js'
import { appSecretsIn, areSwapped } from './probe.js'

export const weixinPayKeysRemarks = {
  distinct: {
    level: 'ok',
    what: { en: 'the keys of {merchant} stand in their own places', zh: '商户 {merchant} 的各密钥各归其位' },
  },
  swapped: {
    level: 'error',
    what: {
      en: 'the V2 key and the APIv3 key of {merchant} stand in each other’s place',
      zh: '商户 {merchant} 的 V2 密钥与 APIv3 密钥填反了',
    },
    why: {
      en: 'Both have 32 characters, so nothing notices: V2 signatures are refused, and V3 notices do not open.',
      zh: '两者都是 32 个字符，不会有提示：V2 签名会被拒绝，V3 通知无法解密。',
    },
    mend: {
      en: 'Exchange WEIXIN_PAY_KEY and WEIXIN_PAY_V3_KEY.',
      zh: '请对调 WEIXIN_PAY_KEY 与 WEIXIN_PAY_V3_KEY。',
    },
  },
  same: {
    level: 'warn',
    what: {
      en: 'the V2 key and the APIv3 key of {merchant} are the same text',
      zh: '商户 {merchant} 的 V2 密钥与 APIv3 密钥相同',
    },
    why: {
      en: 'Either one of them was copied into the wrong place, or one leak opens both.',
      zh: '要么其中一个填错了位置，要么一处泄露即两处失守。',
    },
    mend: {
      en: 'Set a different APIv3 key in the merchant console under API security.',
      zh: '请在商户平台“API安全”设置不同的 APIv3 密钥。',
    },
  },
  'is-app-secret': {
    level: 'error',
    what: {
      en: '{name} holds the AppSecret of an application, not a key of the merchant {merchant}',
      zh: '{name} 填的是应用的 AppSecret，而不是商户 {merchant} 的密钥',
    },
    why: {
      en: 'Both have 32 characters. WeChat Pay refuses every signature made with it.',
      zh: '两者都是 32 个字符。用它生成的签名都会被微信支付拒绝。',
    },
    mend: {
      en: 'Take the key from the merchant console (pay.weixin.qq.com), not from that of the application.',
      zh: '请使用商户平台（pay.weixin.qq.com）中的密钥，而不是应用后台的密钥。',
    },
  },
  none: {
    level: 'error',
    what: {
      en: 'the merchant {merchant} has neither a V2 key nor V3 credentials',
      zh: '商户 {merchant} 既没有 V2 密钥，也没有 V3 配置',
    },
    why: { en: 'Nobody can pay.', zh: '无人能够支付。' },
    mend: {
      en: 'Set WEIXIN_PAY_V3_KEY, WEIXIN_PAY_SERIAL_NO and WEIXIN_PAY_PRIVATE_KEY, or WEIXIN_PAY_KEY for V2.',
      zh: '请配置 WEIXIN_PAY_V3_KEY、WEIXIN_PAY_SERIAL_NO 与 WEIXIN_PAY_PRIVATE_KEY；V2 则配置 WEIXIN_PAY_KEY。',
    },
  },
} as const satisfies Remarks

type Code = keyof typeof weixinPayKeysRemarks

/** Not marked as a check of the network: part of it works offline. */
export const weixinPayKeys = check({
  id: 'weixinPay.keys',
  title: {
    en: 'V2 key, APIv3 key and AppSecret are not mixed up',
    zh: 'V2 密钥、APIv3 密钥与 AppSecret 没有混用',
  },
  remarks: weixinPayKeysRemarks,
  run: (doctor, say) => each(doctor, merchantsOf(doctor), (merchant) => verdicts(doctor, merchant, say)),
})

async function verdicts(doctor: Doctor, merchant: WeixinMerchant, say: Say<Code>): Promise<Finding[]> {
  const { mchId, key, v3 } = merchant
  if (key === undefined && v3 === undefined) return [say('none', { merchant: mchId })]
  const found = appSecretsIn(doctor, merchant).map((name) => say('is-app-secret', { name, merchant: mchId }))
  if (key !== undefined && key === v3?.key) found.push(say('same', { merchant: mchId }))
  if (found.length === 0 && (await isMixedUp(doctor, merchant)))
    found.push(say('swapped', { merchant: mchId }))
  return found.length > 0 ? found : [say('distinct', { merchant: mchId })]
}

/** Only WeChat Pay can tell; whether it can be reached is another check's finding. */
async function isMixedUp(doctor: Doctor, merchant: WeixinMerchant): Promise<boolean> {
  if (doctor.offline) return false
  try {
    return await areSwapped(doctor, merchant)
  } catch (error) {
    if (error instanceof NoAnswer) return false
    throw error
  }
}
