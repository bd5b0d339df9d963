import { type Refusal, remedyOf } from '../../../shared/diagnosis/causes.js'
import type { Bilingual } from '../../../shared/operation/index.js'
import type { Language } from '../command.js'
import { type CaptureDiagnosis, isSignedRight } from './diagnose.js'

/** The texts around a finding. */
const labels = {
  about: { en: '{provider}, merchant {merchant}', zh: '{provider}，商户 {merchant}' },
  verified: { en: 'it verifies', zh: '验签通过' },
  unsigned: {
    en: 'it opens with WEIXIN_PAY_KEY; refund notices of V2 carry no signature',
    zh: '可用 WEIXIN_PAY_KEY 解开；V2 退款通知本身不带签名',
  },
  refused: { en: 'it does not verify: {reason}', zh: '验签不通过：{reason}' },
  why: { en: 'Why: {cause}', zh: '原因：{cause}' },
  mend: { en: 'Do: {remedy}', zh: '处理：{remedy}' },
  unexplained: {
    en: 'Nothing that usually happens to messages explains it.',
    zh: '常见的改动都无法解释该结果。',
  },
  untimed: {
    en: 'Its time was not judged: --at says when it came.',
    zh: '未检查时间：可用 --at 给出到达时间。',
  },
  nobody: {
    en: 'no merchant in the settings takes messages of {provider}; see npm run doctor',
    zh: '配置中没有 {provider} 的商户，请运行 npm run doctor 检查配置',
  },
  anyone: { en: 'any payment system', zh: '任何支付系统' },
} as const satisfies Record<string, Bilingual>

/** Why a message is not taken for one. */
const reasons: Readonly<Record<Refusal, Bilingual>> = {
  empty: { en: 'it has no body', zh: '没有请求体' },
  'too large': { en: 'it is larger than any notice', zh: '大于任何通知' },
  malformed: { en: 'it is no message of this payment system', zh: '不是该支付系统的报文' },
  'not a success message': { en: 'its return_code is not SUCCESS', zh: 'return_code 不是 SUCCESS' },
  'signature missing': { en: 'it carries no signature', zh: '没有签名' },
  'signature wrong': { en: 'its signature is wrong', zh: '签名不正确' },
  'signature type not ours': {
    en: 'it names another algorithm than the settings do',
    zh: '签名算法与配置不一致',
  },
  'signature key unknown': { en: 'the key it names is not known', zh: '签名所用密钥未知' },
  'signature probe': { en: 'it is a probe with a false signature', zh: '这是签名探测流量' },
  'time out of range': {
    en: 'it came more than five minutes from when it was signed',
    zh: '到达时间与签名时间相差超过五分钟',
  },
  'not decryptable': { en: 'what is sealed in it does not open', zh: '加密内容无法解开' },
  'other merchant': {
    en: 'its signature is right, it is for another merchant',
    zh: '签名正确，但属于另一商户',
  },
  'other app': {
    en: 'its signature is right, it is for another application',
    zh: '签名正确，但属于另一应用',
  },
  incomplete: { en: 'its signature is right, it lacks what a notice says', zh: '签名正确，但缺少必要字段' },
  'kind not supported': {
    en: 'its signature is right, it is no notice of a payment or refund',
    zh: '签名正确，但不是支付或退款通知',
  },
}

/** What came out, for people: a few lines, without anything that the message itself says but serials and algorithms. */
export function report(
  { sender, best }: CaptureDiagnosis,
  { language, isTimed, secrets }: { language: Language; isTimed: boolean; secrets: readonly string[] },
): string {
  const label = (name: keyof typeof labels, values: Readonly<Record<string, string>> = {}): string =>
    labels[name][language].replace(/\{(\w+)\}/g, (_whole, value: string) => values[value] ?? '')
  if (!best) return label('nobody', { provider: sender ?? label('anyone') })
  const { provider, merchantId, finding, reading } = best
  const lines = [label('about', { provider, merchant: merchantId })]
  if (reading.authentic) lines.push(`✓ ${label(reading.notice.refundNeedsQuery ? 'unsigned' : 'verified')}`)
  else lines.push(`✗ ${label('refused', { reason: reasons[reading.reason][language] })}`)
  if (finding) {
    lines.push(`  ${label('why', { cause: finding.cause })}`)
    lines.push(`  ${label('mend', { remedy: remedyOf(finding, 'notice')[language] })}`)
  } else if (!isSignedRight(reading)) lines.push(`  ${label('unexplained')}`)
  if (provider === 'weixin-v3' && !isTimed) lines.push(`  ${label('untimed')}`)
  return lines.map((line) => harmless(line, secrets)).join('\n')
}

/** Details quote the message, which is anybody's: no secret and nothing that steers a terminal gets through. */
const harmless = (line: string, secrets: readonly string[]): string =>
  secrets
    .reduce((text, secret) => text.replaceAll(secret, '***'), line)
    .replace(/\p{Cc}/gu, ' ')
    .slice(0, 500)
