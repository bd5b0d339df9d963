import { createPublicKey, type KeyObject } from 'node:crypto'
import type { AlipayApp } from '../../../../shared/config/alipayApp.js'
import { rsaPrivateKey, rsaPublicKey } from '../../../../shared/crypto/index.js'
import { alipayAppsOf } from '../../accounts.js'
import { check, each } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import type { Finding, Remarks, Say } from '../../finding.js'
import { storedAccounts } from '../store/mongodb.js'

export const alipayKeysRemarks = {
  good: {
    level: 'ok',
    what: { en: 'the keys of {app} can be read', zh: '应用 {app} 的密钥可读取' },
  },
  'private-key-missing': {
    level: 'error',
    what: { en: 'ALIPAY_PRIVATE_KEY of {app} is missing', zh: '应用 {app} 缺少 ALIPAY_PRIVATE_KEY' },
    why: { en: 'No request of this application can be signed.', zh: '无法为该应用的任何请求签名。' },
    mend: {
      en: 'It was made together with the application public key that stands in the console; Alipay does not have it.',
      zh: '它与控制台中的应用公钥一同生成，支付宝并不保存私钥。',
    },
  },
  'private-key-unreadable': {
    level: 'error',
    what: {
      en: 'the private key of {app} cannot be read as an RSA private key',
      zh: '应用 {app} 的私钥不是可读取的 RSA 私钥',
    },
    why: { en: 'No request of this application can be signed.', zh: '无法为该应用的任何请求签名。' },
    mend: {
      en: 'PEM or one line of base64, PKCS#1 or PKCS#8; copied whole, and not the public key.',
      zh: '可填 PEM 或一行 base64，PKCS#1 或 PKCS#8 均可；请完整复制，不要填成公钥。',
    },
  },
  'key-short': {
    level: 'error',
    what: {
      en: 'the private key of {app} has {bits} bits, and RSA2 wants 2048',
      zh: '应用 {app} 的私钥为 {bits} 位，RSA2 要求 2048 位',
    },
    why: { en: 'Alipay refuses what is signed with it.', zh: '支付宝会拒绝用它签名的请求。' },
    mend: {
      en: 'Make a new pair of 2048 bits, and put its public half into the console.',
      zh: '请重新生成 2048 位密钥对，并将公钥上传到控制台。',
    },
  },
  'public-key-unreadable': {
    level: 'error',
    what: { en: 'the Alipay public key of {app} cannot be read', zh: '应用 {app} 的支付宝公钥无法读取' },
    why: { en: 'Neither answers nor notices can be verified.', zh: '应答和通知都无法验签。' },
    mend: {
      en: 'Copy the Alipay public key (not the application one) from the console.',
      zh: '请从控制台复制“支付宝公钥”（不是应用公钥）。',
    },
  },
  'application-key': {
    level: 'error',
    what: {
      en: 'ALIPAY_PUBLIC_KEY of {app} is the application’s own public key, not Alipay’s',
      zh: '应用 {app} 的 ALIPAY_PUBLIC_KEY 填的是应用公钥，而不是支付宝公钥',
    },
    why: {
      en: 'Alipay signs with a key of its own: every answer and every notice looks forged.',
      zh: '支付宝使用自己的密钥签名，所有应答和通知都会验签失败。',
    },
    mend: {
      en: 'The console shows both on one page: after the application public key was stored there, it shows the Alipay public key. Copy that.',
      zh: '控制台同一页面会显示两者：保存应用公钥后会显示“支付宝公钥”，请复制后者。',
    },
  },
  'no-verification': {
    level: 'warn',
    what: { en: '{app} has no key of Alipay', zh: '应用 {app} 没有配置支付宝公钥或证书' },
    why: {
      en: 'Users can log in, but nobody can pay: no answer could be believed.',
      zh: '可以登录，但无法支付：任何应答都无法验证。',
    },
    mend: {
      en: 'Set ALIPAY_PUBLIC_KEY, or the three files of certificate mode.',
      zh: '请配置 ALIPAY_PUBLIC_KEY，或证书模式的三个文件。',
    },
  },
  'no-seller': {
    level: 'warn',
    what: { en: 'ALIPAY_SELLER_ID of {app} is not set', zh: '应用 {app} 没有配置 ALIPAY_SELLER_ID' },
    why: {
      en: 'Whoever is paid first counts as you: who that is is learned from the first payment of an order of yours, and payments to others are refused from then on.',
      zh: '首笔已验签的订单付款会决定收款账号，此后付给其他账号的通知会被拒绝；在此之前无法识别款项进入其他账号。',
    },
    mend: {
      en: 'Set it to the 2088 number of the account that is paid.',
      zh: '请填写收款账号的 2088 开头的编号。',
    },
  },
  'seller-learned': {
    level: 'warn',
    what: {
      en: 'ALIPAY_SELLER_ID of {app} is not set; payments are compared with {seller}, who was paid first',
      zh: '应用 {app} 没有配置 ALIPAY_SELLER_ID；付款通知与首笔付款的收款账号 {seller} 比对',
    },
    why: {
      en: 'If that is not you, every payment to you is a payment.contradiction.',
      zh: '如果该账号不是您的，付给您的每一笔都会成为 payment.contradiction。',
    },
    mend: {
      en: 'Compare it with the console and set it: what is set counts, and nothing is learned.',
      zh: '请与控制台核对后填入该配置：一经配置即以配置为准。',
    },
  },
} as const satisfies Remarks

type Code = keyof typeof alipayKeysRemarks

const LEAST_BITS = { RSA2: 2048, RSA: 1024 } as const

export const alipayKeys = check({
  id: 'alipay.keys',
  title: { en: 'Alipay’s keys can be read and are the right ones', zh: '支付宝密钥可读取且没有混用' },
  remarks: alipayKeysRemarks,
  run: (doctor, say) =>
    each(doctor, alipayAppsOf(doctor), async (app) => verdicts(app, say, await learnedSeller(doctor, app))),
})

/** Who was paid through an application that does not say it; undefined also where the doctor cannot look. */
async function learnedSeller(doctor: Doctor, { appId, sellerId }: AlipayApp): Promise<string | undefined> {
  if (sellerId !== undefined) return undefined
  try {
    return (await (await storedAccounts(doctor))?.find('alipay', appId))?.sellerId
  } catch {
    return undefined
  }
}

/** What can be said about an application's keys without asking Alipay. `learned`: who was paid first, where that counts. */
export function verdicts(app: AlipayApp, say: Say<Code>, learned?: string): Finding[] {
  const about = { app: app.appId }
  const own = app.privateKey === undefined ? undefined : readable(rsaPrivateKey, app.privateKey)
  const found = [...privateFaults(app, own, say), ...publicFaults(app, own, say)]
  if (app.publicKey === undefined && !app.certificates) found.push(say('no-verification', about))
  if (found.length === 0) found.push(say('good', about))
  if (app.sellerId !== undefined) return found
  return [
    ...found,
    learned === undefined ? say('no-seller', about) : say('seller-learned', { ...about, seller: learned }),
  ]
}

function privateFaults(app: AlipayApp, own: KeyObject | undefined, say: Say<Code>): Finding[] {
  const about = { app: app.appId }
  if (app.privateKey === undefined) return [say('private-key-missing', about)]
  if (!own) return [say('private-key-unreadable', about)]
  const bits = own.asymmetricKeyDetails?.modulusLength ?? 0
  return bits < LEAST_BITS[app.signType] ? [say('key-short', { ...about, bits })] : []
}

function publicFaults(
  { appId, publicKey }: AlipayApp,
  own: KeyObject | undefined,
  say: Say<Code>,
): Finding[] {
  if (publicKey === undefined) return []
  const key = readable(rsaPublicKey, publicKey)
  if (!key) return [say('public-key-unreadable', { app: appId })]
  const isOwn = own !== undefined && createPublicKey(own).equals(key)
  return isOwn ? [say('application-key', { app: appId })] : []
}

function readable(parse: (text: string) => KeyObject, text: string): KeyObject | undefined {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}
