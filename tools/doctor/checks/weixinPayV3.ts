import type { HttpAnswer } from '../../../shared/http/http.js'
import { doubtAbout } from '../../../shared/payment/weixin-v3/authenticity.js'
import { parsedObject, text } from '../../../shared/payment/weixin-v3/fields.js'
import { publicKeyOf } from '../../../shared/payment/weixin-v3/merchant.js'
import { type V3Merchant, v3MerchantsOf } from '../accounts.js'
import { check } from '../check.js'
import { blameClock } from '../clockProbe.js'
import { each } from '../examine.js'
import type { Finding, Say } from '../finding.js'
import { NotYet } from '../hindrance.js'
import { blamePlaces, opensV2 } from '../payProbe.js'
import { weixinPayV3Remarks } from '../remarks/weixinPayV3.js'
import { askCertificates, type Certificates, certificatesIn } from '../v3Probe.js'
import type { World } from '../world.js'
import { blameKeys } from './weixinPayV3Keys.js'

type Code = keyof typeof weixinPayV3Remarks

export const weixinPayV3 = check({
  id: 'weixinPay.v3',
  title: { en: 'WeChat Pay V3 takes our signature, and we its', zh: '微信支付 V3 双向验签通过' },
  network: true,
  remarks: weixinPayV3Remarks,
  run: (world, say) => each(world, v3MerchantsOf(world), (merchant) => verdict(world, merchant, say)),
})

async function verdict(world: World, merchant: V3Merchant, say: Say<Code>): Promise<Finding[]> {
  await blameKeys(world, merchant)
  const answer = await askCertificates(world, merchant)
  const told = tell(merchant, answer, say)
  const fields = parsedObject(answer.body)
  if (answer.status === 200 && fields) {
    const found = certificatesIn(merchant, fields)
    if (found !== 'not opened') return [await believed(world, merchant, answer, found, told)]
    await blamePlaces(world, merchant)
    return [told('v3-key-wrong')]
  }
  const code = fields && text(fields, 'code')
  if (answer.status === 404 && code === 'RESOURCE_NOT_EXISTS')
    return publicKeyMode(world, merchant, answer, told)
  if (code === undefined) return [told('not-authentic')]
  const refusal = refusals.find(([pattern]) => pattern.test(`${code} ${saidIn(answer)}`))?.[1] ?? 'refused'
  if (refusal === 'clock') throw new NotYet('clock-first')
  if (/SIGN/.test(code)) await blameClock(world)
  return [told(refusal)]
}

/** What stands in refusals, which only have one code for most of what can be wrong with a signature. */
const refusals: readonly (readonly [RegExp, Code | 'clock'])[] = [
  [/Wechatpay-Serial|公钥ID|平台证书/i, 'public-key-id-wrong'],
  [/timestamp|时间戳/i, 'clock'],
  [/序列号/, 'serial-wrong'],
  [/MCH_NOT_EXISTS|商户号/, 'merchant-unknown'],
  [/\bIP\b/, 'address-refused'],
  [/SIGN_ERROR/, 'signature-wrong'],
]

type Told = (code: Code, values?: Record<string, string | number>) => Finding

/** A remark with everything that any of them may need. */
function tell(merchant: V3Merchant, answer: HttpAnswer, say: Say<Code>): Told {
  const common = { merchant: merchant.mchId, serial: merchant.v3.serialNo, said: saidIn(answer) }
  const asked = merchant.v3.publicKeys[0]?.id
  return (code, values = {}) =>
    say(code, { ...common, ...(code === 'public-key-id-wrong' && asked ? { serial: asked } : {}), ...values })
}

function saidIn({ body, status }: HttpAnswer): string {
  const fields = parsedObject(body)
  const said = fields && [text(fields, 'code'), text(fields, 'message')].filter(Boolean).join(' ')
  return (said || `HTTP ${status}`).slice(0, 200)
}

async function publicKeyMode(
  world: World,
  merchant: V3Merchant,
  answer: HttpAnswer,
  told: Told,
): Promise<Finding[]> {
  const serial = answer.headers['wechatpay-serial'] ?? ''
  const findings = [await believed(world, merchant, answer, [], told)]
  if (findings[0]?.code !== 'public-key') return findings
  if (merchant.key === undefined && (await opensV2(world, merchant, merchant.v3.key))) {
    return [...findings, told('holds-v2-key')]
  }
  return [...findings, told('v3-key-unproven', { serial })]
}

/** Holds the answer's signature against the key that its serial names. */
async function believed(
  world: World,
  merchant: V3Merchant,
  answer: HttpAnswer,
  certificates: Certificates,
  told: Told,
): Promise<Finding> {
  const serial = answer.headers['wechatpay-serial'] ?? ''
  const keyOf = (wanted: string) =>
    publicKeyOf(merchant, wanted) ??
    certificates.find((certificate) => certificate.serial === wanted.toUpperCase())?.key
  const doubt = await doubtAbout(answer, world.clock.now(), keyOf)
  const isPublicKey = serial.startsWith('PUB_KEY_ID_')
  if (doubt?.reason === 'time out of range') throw new NotYet('clock-first')
  if (doubt?.reason === 'signature key unknown' && isPublicKey) return told('public-key-missing', { serial })
  if (doubt?.reason === 'signature wrong' && isPublicKey) return told('public-key-wrong', { serial })
  if (doubt) return told('not-authentic', { said: doubt.reason })
  const until = certificates.map(({ until }) => until).sort()
  return certificates.length > 0
    ? told('certificates', { count: certificates.length, until: until[until.length - 1] ?? '' })
    : told('public-key', { serial })
}
