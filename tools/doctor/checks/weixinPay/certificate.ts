import { merchantsOf } from '../../accounts.js'
import { check, each } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import { expiryOf } from '../../expiry.js'
import type { Finding, Remarks, Say } from '../../finding.js'
import { ClientCertificateProblem, type ClientPair, clientPair, ownerOf } from './clientCertificate.js'

const refundsFail = {
  en: 'V2 refunds and fund-flow bills are impossible without it.',
  zh: '没有它就无法进行 V2 退款和下载资金账单。',
}
const downloadAgain = {
  en: 'Download the certificate again from the merchant console (API security), and use the file apiclient_cert.p12 as it is.',
  zh: '请从商户平台“API安全”重新下载证书，直接使用其中的 apiclient_cert.p12。',
}

export const weixinPayCertificateRemarks = {
  good: {
    level: 'ok',
    what: {
      en: 'the client certificate of {merchant} is good until {until}',
      zh: '商户 {merchant} 的 API 证书有效期至 {until}',
    },
  },
  rc2: {
    level: 'ok',
    what: {
      en: 'the .p12 of {merchant} is encrypted with RC2, as WeChat writes it; OpenSSL 3 refuses such files, the functions read them all the same',
      zh: '商户 {merchant} 的 .p12 使用 RC2 加密（微信默认如此）；OpenSSL 3 拒绝读取，但云函数可以正常读取',
    },
  },
  none: {
    level: 'warn',
    what: {
      en: 'the merchant {merchant} uses V2 and has no client certificate',
      zh: '商户 {merchant} 使用 V2，但没有配置 API 证书',
    },
    why: refundsFail,
    mend: {
      en: 'Set WEIXIN_PAY_PFX, or WEIXIN_PAY_CERT and WEIXIN_PAY_CERT_KEY, if refunds are to be made over V2.',
      zh: '如需通过 V2 退款，请配置 WEIXIN_PAY_PFX，或 WEIXIN_PAY_CERT 与 WEIXIN_PAY_CERT_KEY。',
    },
  },
  half: {
    level: 'error',
    what: {
      en: 'of the certificate and its key only one is set ({merchant})',
      zh: '证书与私钥只配置了其中一个（商户 {merchant}）',
    },
    why: refundsFail,
    mend: {
      en: 'WEIXIN_PAY_CERT (apiclient_cert.pem) and WEIXIN_PAY_CERT_KEY (apiclient_key.pem) belong together.',
      zh: 'WEIXIN_PAY_CERT（apiclient_cert.pem）与 WEIXIN_PAY_CERT_KEY（apiclient_key.pem）必须成对配置。',
    },
  },
  unreadable: {
    level: 'error',
    what: { en: '{name} of {merchant} cannot be read', zh: '无法读取商户 {merchant} 的 {name}' },
    why: refundsFail,
    mend: {
      en: 'Give the file as base64, or a path that can be read from here; PEM begins with -----BEGIN.',
      zh: '请以 base64 提供文件内容，或提供可读取的路径；PEM 以 -----BEGIN 开头。',
    },
  },
  'is-pem': {
    level: 'error',
    what: {
      en: 'WEIXIN_PAY_PFX of {merchant} holds PEM',
      zh: '商户 {merchant} 的 WEIXIN_PAY_PFX 填的是 PEM',
    },
    why: refundsFail,
    mend: {
      en: 'Put it into WEIXIN_PAY_CERT and the key into WEIXIN_PAY_CERT_KEY.',
      zh: '请改填 WEIXIN_PAY_CERT，私钥填 WEIXIN_PAY_CERT_KEY。',
    },
  },
  'not-pkcs12': {
    level: 'error',
    what: {
      en: 'WEIXIN_PAY_PFX of {merchant} is no PKCS#12 file',
      zh: '商户 {merchant} 的 WEIXIN_PAY_PFX 不是 PKCS#12 文件',
    },
    why: refundsFail,
    mend: downloadAgain,
  },
  'wrong-passphrase': {
    level: 'error',
    what: {
      en: 'the .p12 does not open with the merchant id {merchant}, which is its passphrase',
      zh: '商户号 {merchant}（即密码）无法打开该 .p12 文件',
    },
    why: {
      en: 'It is another merchant’s, or somebody changed its passphrase.',
      zh: '它属于其他商户，或密码被修改过。',
    },
    mend: downloadAgain,
  },
  incomplete: {
    level: 'error',
    what: {
      en: 'the .p12 of {merchant} holds no private key with its certificate',
      zh: '商户 {merchant} 的 .p12 中没有成对的私钥与证书',
    },
    why: refundsFail,
    mend: downloadAgain,
  },
  'key-mismatch': {
    level: 'error',
    what: {
      en: 'WEIXIN_PAY_CERT_KEY is not the key of the certificate in WEIXIN_PAY_CERT ({merchant})',
      zh: 'WEIXIN_PAY_CERT_KEY 不是 WEIXIN_PAY_CERT 中证书的私钥（商户 {merchant}）',
    },
    why: refundsFail,
    mend: {
      en: 'Take both files from the same download.',
      zh: '请使用同一次下载得到的两个文件。',
    },
  },
  'other-merchant': {
    level: 'error',
    what: {
      en: 'the certificate belongs to the merchant {owner}, not to {merchant}',
      zh: '该证书属于商户 {owner}，而不是 {merchant}',
    },
    why: refundsFail,
    mend: {
      en: 'Use the certificate of this merchant, or correct the merchant id.',
      zh: '请使用本商户的证书，或修正商户号。',
    },
  },
  expired: {
    level: 'error',
    what: {
      en: 'the client certificate of {merchant} expired on {until}',
      zh: '商户 {merchant} 的 API 证书已于 {until} 过期',
    },
    why: refundsFail,
    mend: {
      en: 'Make a new one in the merchant console; the old and the new one work side by side there for a while.',
      zh: '请在商户平台更换证书，新旧证书可在一段时间内并存。',
    },
  },
  'expires-soon': {
    level: 'warn',
    what: {
      en: 'the client certificate of {merchant} expires on {until}, in {days} days',
      zh: '商户 {merchant} 的 API 证书将于 {until} 过期（剩 {days} 天）',
    },
    why: refundsFail,
    mend: {
      en: 'Make a new one in the merchant console now; both work side by side for a while.',
      zh: '请尽快在商户平台更换证书，新旧证书可在一段时间内并存。',
    },
  },
} as const satisfies Remarks

type Code = keyof typeof weixinPayCertificateRemarks

export const weixinPayCertificate = check({
  id: 'weixinPay.certificate',
  title: { en: 'The V2 client certificate can be read and is ours', zh: 'V2 API 证书可读取且属于本商户' },
  remarks: weixinPayCertificateRemarks,
  run: (doctor, say) =>
    each(doctor, merchantsOf(doctor), async (merchant) => {
      const { mchId, key } = merchant
      try {
        const pair = await clientPair(merchant)
        if (pair) return judged(doctor, mchId, pair, say)
        return key === undefined ? [] : [say('none', { merchant: mchId })]
      } catch (error) {
        if (!(error instanceof ClientCertificateProblem)) throw error
        return [say(error.problem, { merchant: mchId, name: error.settingName })]
      }
    }),
})

function judged(doctor: Doctor, merchant: string, pair: ClientPair, say: Say<Code>): Finding[] {
  const owner = ownerOf(pair)
  if (owner !== undefined && owner !== merchant) return [say('other-merchant', { merchant, owner })]
  const { state, until, days } = expiryOf(pair.certificate, doctor.clock)
  const note = pair.isRc2 ? [say('rc2', { merchant })] : []
  return [say(state ?? 'good', { merchant, until, days }), ...note]
}
