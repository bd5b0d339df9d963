import type { HttpAnswer } from '../../../../shared/http/http.js'
import { parsedObject, text } from '../../../../shared/payment/weixin-v3/fields.js'
import type { V3Merchant } from '../../../../shared/payment/weixin-v3/signature.js'
import { publicKeyOf, verifySignature } from '../../../../shared/payment/weixin-v3/signature.js'
import { v3MerchantsOf } from '../../accounts.js'
import { check, each } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import type { Finding, Remarks, Say } from '../../finding.js'
import { NotYet } from '../../skipped.js'
import { skipIfClockIsWrong } from '../clock.js'
import { acceptsV2Key, alteredAnswer, skipIfKeysAreMixedUp } from './probe.js'
import { skipIfKeysAreWrong } from './v3Keys.js'
import { answerText, type Certificates, certificatesIn, refusalIn, requestCertificates } from './v3Probe.js'

const requestsFail = { en: 'WeChat Pay refuses every V3 request.', zh: '微信支付会拒绝所有 V3 请求。' }
const noticesFail = {
  en: 'Neither answers nor notices of WeChat Pay can be verified, so no payment is ever believed.',
  zh: '微信支付的应答和通知都无法验签，任何支付都不会被确认。',
}
const downloadPublicKey = {
  en: 'Download it from the merchant console (API security > WeChat Pay public key), and set WEIXIN_PAY_PUBLIC_KEY_ID and WEIXIN_PAY_PUBLIC_KEY to what stands there.',
  zh: '请从商户平台“API安全 > 微信支付公钥”下载，并据此配置 WEIXIN_PAY_PUBLIC_KEY_ID 与 WEIXIN_PAY_PUBLIC_KEY。',
}

export const weixinPayV3Remarks = {
  certificates: {
    level: 'ok',
    what: {
      en: '{merchant} has {count} platform certificates, which open with the APIv3 key; the last ends on {until}',
      zh: '商户 {merchant} 有 {count} 张平台证书，可用 APIv3 密钥解密，最晚于 {until} 到期',
    },
  },
  'public-key': {
    level: 'ok',
    what: {
      en: '{merchant} has the WeChat Pay public key {serial}, and WeChat Pay signs with it',
      zh: '商户 {merchant} 使用微信支付公钥 {serial}，验签通过',
    },
  },
  'v3-key-unproven': {
    level: 'skipped',
    what: {
      en: 'whether the APIv3 key of {merchant} is right shows at its first notice: in public-key mode nothing else is encrypted with it',
      zh: '公钥模式下只有通知使用 APIv3 密钥加密，商户 {merchant} 的 APIv3 密钥是否正确要到收到第一条通知时才能确认',
    },
  },
  'serial-wrong': {
    level: 'error',
    what: {
      en: 'WeChat Pay knows no certificate {serial} of {merchant}: {said}',
      zh: '商户 {merchant} 没有序列号为 {serial} 的证书：{said}',
    },
    why: requestsFail,
    mend: {
      en: 'WEIXIN_PAY_SERIAL_NO is that of the merchant API certificate (API security in the merchant console), not of a platform certificate, and not one that was replaced.',
      zh: 'WEIXIN_PAY_SERIAL_NO 应为商户 API 证书的序列号（商户平台“API安全”），而不是平台证书或已更换的旧证书。',
    },
  },
  'signature-wrong': {
    level: 'error',
    what: {
      en: 'the private key of {merchant} does not belong to the certificate {serial}: {said}',
      zh: '商户 {merchant} 的私钥与证书 {serial} 不匹配：{said}',
    },
    why: requestsFail,
    mend: {
      en: 'Take apiclient_key.pem and the serial from one and the same certificate.',
      zh: '请使用同一张证书的 apiclient_key.pem 与序列号。',
    },
  },
  'merchant-unknown': {
    level: 'error',
    what: {
      en: 'WeChat Pay knows no merchant {merchant}: {said}',
      zh: '微信支付没有商户号 {merchant}：{said}',
    },
    why: requestsFail,
    mend: { en: 'Copy WEIXIN_MCH_ID from the merchant console.', zh: '请从商户平台复制 WEIXIN_MCH_ID。' },
  },
  'address-refused': {
    level: 'error',
    what: {
      en: 'WeChat Pay does not serve this address for the merchant {merchant}: {said}',
      zh: '微信支付不允许此出口 IP 为商户 {merchant} 调用：{said}',
    },
    why: requestsFail,
    mend: {
      en: 'Add the egress address of the functions in the merchant console under API security, or lift the restriction.',
      zh: '请在商户平台“API安全”中加入云函数的出口 IP，或取消限制。',
    },
  },
  'v3-key-wrong': {
    level: 'error',
    what: {
      en: 'the APIv3 key of {merchant} does not open what WeChat Pay encrypts',
      zh: '商户 {merchant} 的 APIv3 密钥无法解密微信支付的数据',
    },
    why: noticesFail,
    mend: {
      en: 'Set a new APIv3 key in the merchant console under API security, and put it into WEIXIN_PAY_V3_KEY. The V2 key is another one.',
      zh: '请在商户平台“API安全”重新设置 APIv3 密钥并写入 WEIXIN_PAY_V3_KEY，注意它与 V2 密钥不同。',
    },
  },
  'holds-v2-key': {
    level: 'warn',
    what: {
      en: 'the APIv3 key of {merchant} signs V2 requests: it is the V2 key, or both are the same',
      zh: '商户 {merchant} 的 APIv3 密钥可以为 V2 请求签名：它其实是 V2 密钥，或两者相同',
    },
    why: {
      en: 'If it is the V2 key, no V3 notice will ever open.',
      zh: '如果填的是 V2 密钥，V3 通知将永远无法解密。',
    },
    mend: {
      en: 'Set a different APIv3 key in the merchant console under API security.',
      zh: '请在商户平台“API安全”设置不同的 APIv3 密钥。',
    },
  },
  'public-key-missing': {
    level: 'error',
    what: {
      en: 'WeChat Pay signs for {merchant} with the public key {serial}, which is not configured',
      zh: '微信支付以公钥 {serial} 为商户 {merchant} 签名，但没有配置该公钥',
    },
    why: noticesFail,
    mend: downloadPublicKey,
  },
  'public-key-wrong': {
    level: 'error',
    what: {
      en: 'the key that {merchant} has under {serial} does not verify what WeChat Pay signs with it',
      zh: '商户 {merchant} 配置的公钥 {serial} 内容有误，无法验证微信支付的签名',
    },
    why: noticesFail,
    mend: downloadPublicKey,
  },
  'public-key-id-wrong': {
    level: 'error',
    what: {
      en: 'WeChat Pay knows no public key {serial} of {merchant}: {said}',
      zh: '商户 {merchant} 没有 ID 为 {serial} 的微信支付公钥：{said}',
    },
    why: requestsFail,
    mend: downloadPublicKey,
  },
  refused: {
    level: 'error',
    what: { en: 'WeChat Pay refuses {merchant}: {said}', zh: '微信支付拒绝商户 {merchant}：{said}' },
    why: requestsFail,
    mend: { en: 'The text above is WeChat Pay’s own.', zh: '以上为微信支付返回的原文，请据此处理。' },
  },
  'not-authentic': {
    level: 'warn',
    what: {
      en: 'the answer for {merchant} is not WeChat Pay’s: {said}',
      zh: '商户 {merchant} 收到的应答不是微信支付的：{said}',
    },
    ...alteredAnswer,
  },
} as const satisfies Remarks

type Code = keyof typeof weixinPayV3Remarks

export const weixinPayV3 = check({
  id: 'weixinPay.v3',
  title: { en: 'WeChat Pay V3 takes our signature, and we its', zh: '微信支付 V3 双向验签通过' },
  network: true,
  remarks: weixinPayV3Remarks,
  run: (doctor, say) => each(doctor, v3MerchantsOf(doctor), (merchant) => verdict(doctor, merchant, say)),
})

async function verdict(doctor: Doctor, merchant: V3Merchant, say: Say<Code>): Promise<Finding[]> {
  await skipIfKeysAreWrong(doctor, merchant)
  const answer = await requestCertificates(doctor, merchant)
  const find = finderFor(merchant, answer, say)
  const fields = parsedObject(answer.body)
  if (answer.status === 200 && fields) {
    const found = certificatesIn(merchant, fields)
    if (found !== 'not opened') return [await signatureFinding(doctor, merchant, answer, found, find)]
    await skipIfKeysAreMixedUp(doctor, merchant)
    return [find('v3-key-wrong')]
  }
  const code = fields && text(fields, 'code')
  if (answer.status === 404 && code === 'RESOURCE_NOT_EXISTS')
    return publicKeyMode(doctor, merchant, answer, find)
  if (code === undefined) return [find('not-authentic')]
  const refusal = refusalIn(`${code} ${answerText(answer)}`)
  if (refusal === 'clock') throw new NotYet('clock-first')
  if (/SIGN/.test(code)) await skipIfClockIsWrong(doctor)
  return [find(refusal)]
}

type Find = (code: Code, values?: Record<string, string | number>) => Finding

/** Makes findings, with all values that any remark of this check may need. */
function finderFor(merchant: V3Merchant, answer: HttpAnswer, say: Say<Code>): Find {
  const common = { merchant: merchant.mchId, serial: merchant.v3.serialNo, said: answerText(answer) }
  const asked = merchant.v3.publicKeys[0]?.id
  return (code, values = {}) =>
    say(code, { ...common, ...(code === 'public-key-id-wrong' && asked ? { serial: asked } : {}), ...values })
}

async function publicKeyMode(
  doctor: Doctor,
  merchant: V3Merchant,
  answer: HttpAnswer,
  find: Find,
): Promise<Finding[]> {
  const serial = answer.headers['wechatpay-serial'] ?? ''
  const findings = [await signatureFinding(doctor, merchant, answer, [], find)]
  if (findings[0]?.code !== 'public-key') return findings
  if (merchant.key === undefined && (await acceptsV2Key(doctor, merchant, merchant.v3.key))) {
    return [...findings, find('holds-v2-key')]
  }
  return [...findings, find('v3-key-unproven', { serial })]
}

/** Holds the answer's signature against the key that its serial names. */
async function signatureFinding(
  doctor: Doctor,
  merchant: V3Merchant,
  answer: HttpAnswer,
  certificates: Certificates,
  find: Find,
): Promise<Finding> {
  const serial = answer.headers['wechatpay-serial'] ?? ''
  const keyOf = (wanted: string) =>
    publicKeyOf(merchant, wanted) ??
    certificates.find((certificate) => certificate.serial === wanted.toUpperCase())?.key
  const failure = await verifySignature(answer, doctor.clock.now(), keyOf)
  const isPublicKey = serial.startsWith('PUB_KEY_ID_')
  if (failure?.reason === 'time out of range') throw new NotYet('clock-first')
  if (failure?.reason === 'signature key unknown' && isPublicKey)
    return find('public-key-missing', { serial })
  if (failure?.reason === 'signature wrong' && isPublicKey) return find('public-key-wrong', { serial })
  if (failure) return find('not-authentic', { said: failure.reason })
  const until = certificates.map(({ until }) => until).sort()
  return certificates.length > 0
    ? find('certificates', { count: certificates.length, until: until[until.length - 1] ?? '' })
    : find('public-key', { serial })
}
