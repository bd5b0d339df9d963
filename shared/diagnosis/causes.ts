import type { Bilingual } from '../operation/index.js'

/** Why a provider's call was not taken for a notice. Goes into the log and the evidence, never to the sender. */
export type Refusal =
  | 'empty'
  | 'too large'
  | 'malformed'
  | 'not a success message'
  | 'signature missing'
  | 'signature wrong'
  | 'signature type not ours'
  | 'signature key unknown'
  | 'signature probe'
  | 'time out of range'
  | 'not decryptable'
  | 'other merchant'
  | 'other app'
  | 'incomplete'
  | 'kind not supported'

/** Why a message does not verify, as far as it can be told. */
export interface Diagnosis {
  cause: Cause
  /** Which key, by how much, and the like. */
  detail?: Bilingual
}

export type Cause = keyof typeof causes

/** How a message came here: a provider called us (`notice`), or answered our request. */
export type MessageKind = 'notice' | 'answer'

/** What to change. */
export function remedyOf({ cause, detail }: Diagnosis, kind: MessageKind): Bilingual {
  const known: Bilingual & { answer?: Bilingual } = causes[cause]
  const { en, zh } = (kind === 'answer' && known.answer) || known
  return detail ? { en: `${detail.en}; ${en}`, zh: `${detail.zh}；${zh}` } : { en, zh }
}

/** Characters. */
const MAX_QUOTED = 200

/** A detail that quotes the message, the same in every language, and short: anybody may have written it. */
export function quoted(text: string): Bilingual {
  const beginning = text.slice(0, MAX_QUOTED)
  return { en: beginning, zh: beginning }
}

/** The remedy wherever something changes answers on their way to us. */
export const proxy: Bilingual = {
  en: 'a proxy between here and the provider changes its answers: have it pass on bytes and headers as they are, or go around it',
  zh: '出网代理改写了应答：请让代理原样透传应答内容与响应头，或绕过代理',
}

/** What to change in front of our notify address, and on the way out where that differs (`answer`). */
export const causes = {
  'probe traffic': {
    en: 'WeChat Pay sends false signatures to see whether they are refused; that is as it should be, change nothing',
    zh: '微信支付的签名探测流量，验签失败是正确行为，无需处理',
  },
  'clock off': {
    en: "the signature is right, the time is not: set this machine's clock, unless somebody sends an old message again",
    zh: '签名正确但时间偏差过大：请校准服务器时钟；也可能是旧通知被重放',
    answer: {
      en: "the signature is right, the time is not: set this machine's clock, unless a proxy answers from its memory",
      zh: '签名正确但时间偏差过大：请校准本机时钟；也可能是代理返回了缓存的应答',
    },
  },
  're-serialised JSON': {
    en: 'something in front reads the JSON and writes it again: hand over the bytes as they arrived, without a body parser',
    zh: '请求体被解析后重新序列化：请保留原始字节，去掉前面的 body parser',
    answer: proxy,
  },
  'line ends changed': {
    en: 'something in front changes line ends: hand over the bytes as they arrived',
    zh: '换行符被改写：请保留原始字节',
    answer: proxy,
  },
  'ends trimmed': {
    en: 'something in front removes or adds white space at the ends: hand over the bytes as they arrived',
    zh: '首尾空白被增删：请保留原始字节',
    answer: proxy,
  },
  'HTML entities': {
    en: 'a filter against scripts escapes the text: leave the notify address out of it',
    zh: '防 XSS 过滤器转义了内容：请对通知地址关闭过滤',
    answer: proxy,
  },
  'wrong charset': {
    en: 'something in front reads the body in another charset: hand over bytes, not text',
    zh: '请求体被按错误的字符集解码：请传递字节而不是文本',
    answer: proxy,
  },
  'bytes lost': {
    en: 'something in front read the body in a charset it is not in, and lost bytes for good: hand over bytes, not text',
    zh: '请求体被按错误的字符集解码且已丢失字节：请传递字节而不是文本',
    answer: proxy,
  },
  'base64 not undone': {
    en: 'the gateway hands over base64 without saying so: isBase64Encoded has to be true, or the body undone before',
    zh: '网关传入的是 base64 但未标明：请设置 isBase64Encoded 或先解码',
    answer: proxy,
  },
  'body parsed': {
    en: "the body is gone: something in front has read or parsed it; hand over the bytes as they arrived, in Express by express.raw({ type: '*/*' }) for this path in place of express.json() and express.urlencoded()",
    zh: "请求体已被前面的程序读取或解析：请保留原始字节；Express 中对该路径使用 express.raw({ type: '*/*' })，不要用 express.json() 或 express.urlencoded()",
  },
  'headers lost': {
    en: 'the headers that hold the signature did not arrive: have the gateway pass every Wechatpay- header, once',
    zh: '缺少签名请求头：请让网关透传所有 Wechatpay- 请求头',
    answer: proxy,
  },
  'double decoding': {
    en: 'something in front decodes the body as a form, or once too often: hand over the bytes as they arrived',
    zh: '请求体被当作表单解码或重复解码：请保留原始字节',
    answer: proxy,
  },
  'wrong serial': {
    en: 'the key that signed is known here under another serial: set key and id, or the certificate, as the console shows them',
    zh: '签名所用密钥在本地登记的是另一个序列号：请按平台所示成对配置公钥与公钥 ID（或证书）',
  },
  'own serial': {
    en: "the message names the merchant's own certificate, which WeChat Pay never signs with: some test tool does",
    zh: '消息使用了商户自己的证书序列号，微信支付不会这样签名，可能来自测试工具',
  },
  'unknown serial': {
    en: 'no key here has that serial: set WEIXIN_PAY_PUBLIC_KEY_ID and WEIXIN_PAY_PUBLIC_KEY, or run certificateRefresh',
    zh: '本地没有该序列号对应的密钥：请配置微信支付公钥，或运行 certificateRefresh',
  },
  'other key': {
    en: 'no key that is set here made this signature: it is forged, or the key in the settings is another one',
    zh: '签名不是由已配置的密钥产生的：消息是伪造的，或配置的密钥不对',
  },
  'V2 key for V3': {
    en: 'the V2 key stands in the place of the APIv3 key, or each in that of the other: WEIXIN_PAY_V3_KEY has to be the APIv3 key',
    zh: 'APIv3 密钥处填成了 V2 密钥，或两者互换：WEIXIN_PAY_V3_KEY 应为 APIv3 密钥',
  },
  'V3 key for V2': {
    en: 'the APIv3 key stands in the place of the V2 key, or each in that of the other: WEIXIN_PAY_KEY has to be the V2 key',
    zh: 'V2 密钥处填成了 APIv3 密钥，或两者互换：WEIXIN_PAY_KEY 应为 V2 密钥',
  },
  'application key for the Alipay key': {
    en: "ALIPAY_PUBLIC_KEY is the application's own public key: the console shows Alipay's beside it (支付宝公钥)",
    zh: 'ALIPAY_PUBLIC_KEY 填成了应用公钥：请改为支付宝公钥',
  },
  'own signature': {
    en: "the application's own key signed this: a test tool plays Alipay with the wrong key",
    zh: '该消息由应用私钥签名：可能来自使用错误密钥的测试工具',
  },
  'other algorithm': {
    en: 'the signature is right under another algorithm: the setting and the console have to name the same one',
    zh: '签名算法不一致：配置与平台设置应相同',
  },
  'letter case': {
    en: 'the signature is right but for its letters, which WeChat Pay writes in upper case: something in front changes them',
    zh: '签名仅大小写不同：前面的程序改写了大小写',
    answer: proxy,
  },
  'other provider': {
    en: 'this is a message of another payment system: its notify address has to end in that one’s name',
    zh: '这是另一支付系统的通知：通知地址末尾应为对应的支付方式',
    answer: {
      en: 'another payment system answered: WEIXIN_PAY_BASE_URL or ALIPAY_GATEWAY_URL leads elsewhere',
      zh: '应答来自另一支付系统：请检查 WEIXIN_PAY_BASE_URL 与 ALIPAY_GATEWAY_URL',
    },
  },
  'changed on the way': {
    en: 'a right key signed this, but other bytes: something in front changes the body, or somebody altered a genuine message',
    zh: '签名密钥正确但内容被改动：前面的程序改写了请求体，或有人篡改了真实通知',
    answer: proxy,
  },
} as const satisfies Record<string, Bilingual & { answer?: Bilingual }>
