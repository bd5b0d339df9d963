import { type SettingInfo, type SettingName, settingInfo } from '../../../../shared/config/index.js'
import type { Bilingual } from '../../../../shared/operation/index.js'

/** What a setting looks like and where it is found, in both languages; what is code in the one is the same in the other. */
export function textsOf(name: SettingName) {
  const { example, where }: SettingInfo = settingInfo[name]
  return { example: inBoth(example), where: inBoth(where) }
}

const inBoth = (en: string): Bilingual => ({ en, zh: inChinese(en) })

function inChinese(text: string): string {
  // Consoles are named in both languages already: "host: English (Chinese), what of it".
  const [, host, path = '', rest = ''] = /^([\w.]+)(?::| of) [^(]*\(([^)]*)\)(.*)$/.exec(text) ?? []
  if (host) return `${host}：${path}${rest.replace(', API security', '，API 安全')}`
  return (
    chinese[text] ?? chinese[text.replace(/^\S+(?= )/, '*')]?.replace('*', text.split(' ')[0] ?? '') ?? text
  )
}

/** `*` is a word of code at the beginning, the same in both. */
const chinese: Readonly<Record<string, string>> = {
  '32 lower-case hex digits': '32 位小写十六进制',
  '32 letters and digits (API v2 key)': '32 位字母和数字（API v2 密钥）',
  '32 characters (API v3 key)': '32 个字符（API v3 密钥）',
  '32 hex digits': '32 位十六进制',
  '40 hex digits, the serial of the merchant API certificate': '40 位十六进制，商户 API 证书序列号',
  '3 to 32 letters and digits': '3 到 32 位字母和数字',
  '43 letters and digits': '43 位字母和数字',
  '24 base64 characters': '24 个 base64 字符',
  '32 bytes as base64': '32 字节的 base64',
  'base64 of 32 bytes': '32 字节的 base64',
  'PEM text': 'PEM 文本',
  'the application private key: PEM or one line of base64': '应用私钥：PEM 或一行 base64',
  'the Alipay public key, not the application one': '支付宝公钥，不是应用公钥',
  'report (default) or refund': 'report（默认）或 refund',
  'your choice: whether money that comes for an order which was closed is only told, or given back':
    '由您选择：已关闭订单收到的款项仅通知，还是退回',
  'your choice: after how many days what is kept is forgotten; this is the default':
    '自行决定：保存的内容在多少天后删除；这是默认值',
  'stable (default) or plain': 'stable（默认）或 plain',
  'MD5 (default) or HMAC-SHA256': 'MD5（默认）或 HMAC-SHA256',
  'RSA2 (default) or RSA': 'RSA2（默认）或 RSA',
  'weixin-v2, weixin-v3 or alipay': 'weixin-v2、weixin-v3 或 alipay',
  'https://example.com/events or function:onPayment': 'https://example.com/events 或 function:onPayment',
  '* as text, base64 or a path': '* 的内容、base64 或路径',
  '* as base64 or a path': '* 的 base64 或路径',
  '* and digits': '* 加数字',
  '* and base64': '* 加 base64',
  'your choice': '自行决定',
  'your choice; RSA is for contracts of old': '自行决定；RSA 仅用于老签约',
  'your choice; else the settings present decide': '自行决定；不设则由已有的设置决定',
  'your choice; this is the default': '自行决定；这是默认值',
  'your choice; off by default': '自行决定；默认关闭',
  'your choice; none by default': '自行决定；默认没有',
  'your choice: the applications whose tokens tokenGet hands out; none by default':
    '自行决定：tokenGet 可提供哪些应用的 token；默认没有',
  'donations and demos only; off by default': '仅用于打赏和演示；默认关闭',
  'the address under which your functions answer URL calls': '云函数 URL 化后的地址',
  'your own service': '您自己的服务',
  'your database service': '您的数据库服务',
  'your own web pages, separated by commas': '您自己的网页，用逗号分隔',
  'make one: openssl rand -base64 32': '自行生成：openssl rand -base64 32',
  'make one: openssl rand -base64 32; opens settings.sealed on Function Compute':
    '自行生成：openssl rand -base64 32；用于打开函数计算上的 settings.sealed',
  'the address of tokenGet in the environment that holds the AppSecret':
    '保存 AppSecret 的环境里 tokenGet 的地址',
  'who certifies the server of another WEIXIN_PAY_BASE_URL; not needed for the default':
    '为另一个 WEIXIN_PAY_BASE_URL 的服务器签发证书的机构；默认地址不需要',
}
