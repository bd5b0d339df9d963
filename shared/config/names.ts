/**
 * Every setting there is: what it looks like and where to find it. The one list from which errors, the docs
 * and the deployment's checks speak.
 */
export interface SettingInfo {
  example: string
  /** Where a person finds the value. */
  where: string
  secret?: true
  /** Dotted paths in `uni-id/config.json` of uni-config-center, for those who already have it there. */
  uniId?: readonly string[]
  /** Which list of `vk.oauth.*.list` in `vk-unicloud/index.js` says the same, and what its fields are called here. */
  vkList?: { of: 'weixin' | 'alipay'; fields: Readonly<Record<string, string>> }
}

const weixinConsole = 'mp.weixin.qq.com: Development > Development settings (开发管理 > 开发设置)'
const merchantConsole = 'pay.weixin.qq.com: Account > API security (账户中心 > API安全)'
const alipayConsole = 'open.alipay.com: application > Development settings (应用 > 开发设置)'

export const settingInfo = {
  WEIXIN_APP_ID: {
    example: 'wx0123456789abcdef',
    where: weixinConsole,
    uniId: ['mp-weixin.oauth.weixin.appid'],
  },
  WEIXIN_APP_SECRET: {
    example: '32 lower-case hex digits',
    where: weixinConsole,
    secret: true,
    uniId: ['mp-weixin.oauth.weixin.appsecret'],
  },
  WEIXIN_OPEN_APP_ID: {
    example: 'wx0123456789abcdef',
    where: 'open.weixin.qq.com: Management centre > Mobile application (管理中心 > 移动应用)',
    uniId: ['app-plus.oauth.weixin.appid', 'app.oauth.weixin.appid'],
  },
  WEIXIN_H5_APP_ID: {
    example: 'wx0123456789abcdef',
    where: 'mp.weixin.qq.com of the official account (公众号 开发 > 基本配置)',
    uniId: ['h5-weixin.oauth.weixin.appid', 'web.oauth.weixin-h5.appid'],
  },
  WEIXIN_H5_APP_SECRET: {
    example: '32 lower-case hex digits',
    where: 'mp.weixin.qq.com of the official account (公众号 开发 > 基本配置)',
    secret: true,
    uniId: ['h5-weixin.oauth.weixin.appsecret', 'web.oauth.weixin-h5.appsecret'],
  },
  WEIXIN_APPS: {
    example: '[{"appId":"wx0123456789abcdef","secret":"...","kind":"mp"}]',
    where: weixinConsole,
    secret: true,
    vkList: { of: 'weixin', fields: { appid: 'appId', appsecret: 'secret' } },
  },
  WEIXIN_TOKEN_MODE: { example: 'stable (default) or plain', where: 'your choice' },
  WEIXIN_MCH_ID: {
    example: '1900000109',
    where: 'pay.weixin.qq.com: Account > Merchant info (账户中心 > 商户信息)',
  },
  WEIXIN_PAY_KEY: { example: '32 letters and digits (API v2 key)', where: merchantConsole, secret: true },
  WEIXIN_PAY_SIGN_TYPE: { example: 'MD5 (default) or HMAC-SHA256', where: 'your choice' },
  WEIXIN_PAY_PFX: { example: 'apiclient_cert.p12 as base64 or a path', where: merchantConsole, secret: true },
  WEIXIN_PAY_CERT: { example: 'apiclient_cert.pem as text, base64 or a path', where: merchantConsole },
  WEIXIN_PAY_CERT_KEY: {
    example: 'apiclient_key.pem as text, base64 or a path',
    where: merchantConsole,
    secret: true,
  },
  WEIXIN_MERCHANTS: { example: '[{"mchId":"1900000109","key":"..."}]', where: merchantConsole, secret: true },
  WEIXIN_PAY_V3_KEY: { example: '32 characters (API v3 key)', where: merchantConsole, secret: true },
  WEIXIN_PAY_SERIAL_NO: {
    example: '40 hex digits, the serial of the merchant API certificate',
    where: merchantConsole,
  },
  WEIXIN_PAY_PRIVATE_KEY: {
    example: 'apiclient_key.pem as text, base64 or a path',
    where: merchantConsole,
    secret: true,
  },
  WEIXIN_PAY_PUBLIC_KEY_ID: { example: 'PUB_KEY_ID_ and digits', where: merchantConsole },
  WEIXIN_PAY_PUBLIC_KEY: { example: 'pub_key.pem as text, base64 or a path', where: merchantConsole },
  ALIPAY_APP_ID: {
    example: '2021000000000000',
    where: alipayConsole,
    uniId: ['mp-alipay.oauth.alipay.appid'],
  },
  ALIPAY_PRIVATE_KEY: {
    example: 'the application private key: PEM or one line of base64',
    where: alipayConsole,
    secret: true,
    uniId: ['mp-alipay.oauth.alipay.privateKey'],
  },
  ALIPAY_PUBLIC_KEY: { example: 'the Alipay public key, not the application one', where: alipayConsole },
  ALIPAY_APP_CERT: { example: 'appCertPublicKey_*.crt as text, base64 or a path', where: alipayConsole },
  ALIPAY_PUBLIC_CERT: {
    example: 'alipayCertPublicKey_RSA2.crt as text, base64 or a path',
    where: alipayConsole,
  },
  ALIPAY_ROOT_CERT: { example: 'alipayRootCert.crt as text, base64 or a path', where: alipayConsole },
  ALIPAY_SELLER_ID: { example: '2088000000000000', where: alipayConsole },
  ALIPAY_AES_KEY: { example: '24 base64 characters', where: alipayConsole, secret: true },
  ALIPAY_SIGN_TYPE: { example: 'RSA2 (default) or RSA', where: 'your choice; RSA is for contracts of old' },
  ALIPAY_APPS: {
    example: '[{"appId":"2021...","privateKey":"...","publicKey":"..."}]',
    where: alipayConsole,
    secret: true,
    vkList: {
      of: 'alipay',
      fields: { appid: 'appId', privateKey: 'privateKey', alipayPublicKey: 'publicKey' },
    },
  },
  PAYMENT_PROVIDER: {
    example: 'weixin-v2, weixin-v3 or alipay',
    where: 'your choice; else the settings present decide',
  },
  NOTIFY_BASE_URL: {
    example: 'https://example.com/pay',
    where: 'the address under which your functions answer URL calls',
  },
  EVENT_TARGET: { example: 'https://example.com/events or function:onPayment', where: 'your own service' },
  EVENT_SECRET: { example: 'whsec_ and base64', where: 'make one: openssl rand -base64 32', secret: true },
  PAID_AFTER_CLOSE: {
    example: 'report (default) or refund',
    where: 'your choice: whether money that comes for an order which was closed is only told, or given back',
  },
  KEEP_DAYS: {
    example: 'evidence=400,messages=30,events=30,refused=30',
    where: 'your choice: after how many days what is kept is forgotten; this is the default',
  },
  MONGODB_URI: {
    example: 'mongodb://user:password@host:27017/database',
    where: 'your database service',
    secret: true,
  },
  EVIDENCE_KEY: { example: '32 bytes as base64', where: 'make one: openssl rand -base64 32', secret: true },
  CLIENT_HTTP: { example: 'on', where: 'your choice; off by default' },
  CLIENT_ORIGINS: { example: 'https://shop.example.com', where: 'your own web pages, separated by commas' },
  OPENAPI_CLIENT_FUNCTIONS: {
    example: 'wxacodeCreateQRCode,urllinkGenerate',
    where: 'your choice; none by default',
  },
  ALLOW_CLIENT_PRICING: { example: 'on', where: 'donations and demos only; off by default' },
  WEIXIN_MESSAGE_TOKEN: { example: '3 to 32 letters and digits', where: weixinConsole, secret: true },
  WEIXIN_MESSAGE_AES_KEY: { example: '43 letters and digits', where: weixinConsole, secret: true },
  WEIXIN_API_SYMMETRIC_KEY: {
    example: 'base64 of 32 bytes',
    where: `${weixinConsole}, API security`,
    secret: true,
  },
  WEIXIN_API_SYMMETRIC_KEY_SN: { example: '32 hex digits', where: `${weixinConsole}, API security` },
  WEIXIN_API_PRIVATE_KEY: { example: 'PEM text', where: `${weixinConsole}, API security`, secret: true },
  WEIXIN_API_PUBLIC_KEY_SN: { example: '32 hex digits', where: `${weixinConsole}, API security` },
  WEIXIN_API_CERT: { example: 'PEM text', where: `${weixinConsole}, API security` },
  WEIXIN_API_CERT_SN: { example: '32 hex digits', where: `${weixinConsole}, API security` },
  TOKEN_HUB_KEY: { example: '32 bytes as base64', where: 'make one: openssl rand -base64 32', secret: true },
  TOKEN_HUB_APPS: {
    example: 'wx0123456789abcdef,wxfedcba9876543210',
    where: 'your choice: the applications whose tokens tokenGet hands out; none by default',
  },
  WEIXIN_TOKEN_HUB_URL: {
    example: 'https://example.com/tokenGet',
    where: 'the address of tokenGet in the environment that holds the AppSecret',
  },
  WEIXIN_API_BASE_URL: { example: 'https://api.weixin.qq.com', where: 'your choice; this is the default' },
  WEIXIN_PAY_BASE_URL: {
    example: 'https://api.mch.weixin.qq.com',
    where: 'your choice; this is the default',
  },
  WEIXIN_PAY_CA: {
    example: 'ca.pem as text, base64 or a path',
    where: 'who certifies the server of another WEIXIN_PAY_BASE_URL; not needed for the default',
  },
  ALIPAY_GATEWAY_URL: {
    example: 'https://openapi.alipay.com/gateway.do',
    where: 'your choice; this is the default',
  },
  SETTINGS_KEY: {
    example: '32 bytes as base64',
    where: 'make one: openssl rand -base64 32; opens settings.sealed on Function Compute',
    secret: true,
  },
} as const satisfies Record<string, SettingInfo>

export type SettingName = keyof typeof settingInfo
