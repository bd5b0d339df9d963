import { createPublicKey, type KeyObject } from 'node:crypto'
import type { V3Merchant } from '../../../../shared/payment/weixin-v3/signature.js'
import { merchantKey, publicKeyOf } from '../../../../shared/payment/weixin-v3/signature.js'
import { v3MerchantsOf } from '../../accounts.js'
import { check, each } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import { type Finding, findingMaker, type Remarks, type Say } from '../../finding.js'
import { NotYet } from '../../skipped.js'
import { soundPair } from './clientCertificate.js'

const nothingSigned = {
  en: 'No V3 request can be signed with it.',
  zh: '无法为任何 V3 请求签名。',
}

export const weixinPayV3KeysRemarks = {
  good: {
    level: 'ok',
    what: {
      en: 'the V3 keys of {merchant} can be read, serial {serial}',
      zh: '商户 {merchant} 的 V3 密钥可读取，证书序列号 {serial}',
    },
  },
  'private-key-unreadable': {
    level: 'error',
    what: {
      en: 'WEIXIN_PAY_PRIVATE_KEY of {merchant} cannot be read as an RSA private key',
      zh: '商户 {merchant} 的 WEIXIN_PAY_PRIVATE_KEY 不是可读取的 RSA 私钥',
    },
    why: nothingSigned,
    mend: {
      en: 'It is the file apiclient_key.pem: as text, as base64, or as a path that can be read from here. It is not the certificate.',
      zh: '应为 apiclient_key.pem：可填文本、base64 或可读取的路径；它不是证书文件。',
    },
  },
  'private-key-short': {
    level: 'error',
    what: {
      en: 'the private key of {merchant} has {bits} bits, and WeChat Pay wants 2048',
      zh: '商户 {merchant} 的私钥为 {bits} 位，微信支付要求 2048 位',
    },
    why: nothingSigned,
    mend: {
      en: 'Use the key that belongs to the merchant API certificate.',
      zh: '请使用商户 API 证书对应的私钥。',
    },
  },
  'serial-mismatch': {
    level: 'error',
    what: {
      en: 'WEIXIN_PAY_SERIAL_NO of {merchant} is {serial}, but the certificate of this private key has {real}',
      zh: '商户 {merchant} 的 WEIXIN_PAY_SERIAL_NO 为 {serial}，而该私钥对应证书的序列号是 {real}',
    },
    why: {
      en: 'WeChat Pay looks the key up by the serial, finds another one, and calls every signature wrong.',
      zh: '微信支付按序列号查找公钥，会找到另一把，所有签名都会被判为错误。',
    },
    mend: {
      en: 'Set it to {real}. The serial of a platform certificate does not belong here.',
      zh: '请改为 {real}。平台证书的序列号不应填在这里。',
    },
  },
  'key-mismatch': {
    level: 'error',
    what: {
      en: 'the certificate with serial {serial} does not belong to the private key of {merchant}',
      zh: '序列号为 {serial} 的证书与商户 {merchant} 的私钥不匹配',
    },
    why: { en: 'WeChat Pay calls every signature wrong.', zh: '所有签名都会被微信支付判为错误。' },
    mend: {
      en: 'Take apiclient_key.pem and the serial from the same certificate.',
      zh: '请使用同一张证书的 apiclient_key.pem 与序列号。',
    },
  },
  'public-key-unreadable': {
    level: 'error',
    what: {
      en: 'the WeChat Pay public key {id} of {merchant} cannot be read',
      zh: '商户 {merchant} 的微信支付公钥 {id} 无法读取',
    },
    why: {
      en: 'Neither answers nor notices signed with it can be verified.',
      zh: '用它签名的应答和通知都无法验签。',
    },
    mend: {
      en: 'It is the file pub_key.pem from the merchant console: as text, as base64, or as a path.',
      zh: '应为商户平台下载的 pub_key.pem：可填文本、base64 或路径。',
    },
  },
  'public-key-is-own': {
    level: 'error',
    what: {
      en: 'in place of the WeChat Pay public key {id}, {merchant} has the public half of its own private key',
      zh: '商户 {merchant} 的微信支付公钥 {id} 填成了自己私钥对应的公钥',
    },
    why: {
      en: 'WeChat Pay signs with a key of its own: neither answers nor notices can be verified.',
      zh: '微信支付使用自己的密钥签名，应答和通知都无法验签。',
    },
    mend: {
      en: 'Download pub_key.pem from the merchant console: API security > WeChat Pay public key.',
      zh: '请从商户平台“API安全 > 微信支付公钥”下载 pub_key.pem。',
    },
  },
} as const satisfies Remarks

type Code = keyof typeof weixinPayV3KeysRemarks

const LEAST_BITS = 2048

export const weixinPayV3Keys = check({
  id: 'weixinPay.v3Keys',
  title: { en: 'The V3 keys can be read and belong together', zh: 'V3 密钥可读取且相互匹配' },
  remarks: weixinPayV3KeysRemarks,
  run: (doctor, say) => each(doctor, v3MerchantsOf(doctor), (merchant) => verdicts(doctor, merchant, say)),
})

/** Throws {@link NotYet} when the keys themselves are wrong, so that their fault is not reported twice. */
export async function skipIfKeysAreWrong(doctor: Doctor, merchant: V3Merchant): Promise<void> {
  const found = await verdicts(doctor, merchant, findingMaker(weixinPayV3KeysRemarks, []))
  if (found.some(({ level }) => level === 'error')) throw new NotYet('settings-first')
}

async function verdicts(doctor: Doctor, merchant: V3Merchant, say: Say<Code>): Promise<Finding[]> {
  const { mchId, v3 } = merchant
  const own = readable(() => merchantKey(merchant))
  const publicKeys = publicKeyFaults(merchant, own, say)
  if (!own) return [say('private-key-unreadable', { merchant: mchId }), ...publicKeys]
  const bits = own.asymmetricKeyDetails?.modulusLength ?? 0
  const short = bits < LEAST_BITS ? [say('private-key-short', { merchant: mchId, bits })] : []
  const found = [...short, ...(await certificateFaults(doctor, merchant, own, say)), ...publicKeys]
  return found.length > 0 ? found : [say('good', { merchant: mchId, serial: v3.serialNo })]
}

/**
 * Holds serial and key against the certificate, where V2's is there: one and the same file serves both. A merchant
 * may have two certificates at a time, so one that shares neither serial nor key with V3 says nothing.
 */
async function certificateFaults(
  doctor: Doctor,
  merchant: V3Merchant,
  own: KeyObject,
  say: Say<Code>,
): Promise<Finding[]> {
  const pair = await soundPair(doctor, merchant)
  if (!pair) return []
  const { mchId, v3 } = merchant
  const real = pair.certificate.serialNumber
  const isSameSerial = withoutZeros(real) === withoutZeros(v3.serialNo)
  const isSameKey = pair.certificate.checkPrivateKey(own)
  if (isSameKey === isSameSerial) return []
  const about = { merchant: mchId, serial: v3.serialNo, real }
  return [say(isSameKey ? 'serial-mismatch' : 'key-mismatch', about)]
}

function publicKeyFaults(merchant: V3Merchant, own: KeyObject | undefined, say: Say<Code>): Finding[] {
  const { mchId, v3 } = merchant
  return v3.publicKeys.flatMap(({ id }) => {
    const key = readable(() => publicKeyOf(merchant, id))
    if (!key) return [say('public-key-unreadable', { merchant: mchId, id })]
    const isOwn = own !== undefined && createPublicKey(own).equals(key)
    return isOwn ? [say('public-key-is-own', { merchant: mchId, id })] : []
  })
}

function readable<Key>(read: () => Key): Key | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

const withoutZeros = (hex: string): string => hex.toUpperCase().replace(/^0+/, '')
