import type { Remarks } from '../finding.js'

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
