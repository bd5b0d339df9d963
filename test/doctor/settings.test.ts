import t from 'tap'
import { type SettingName, settingInfo } from '../../shared/config/index.js'
import { textsOf } from '../../tools/doctor/checks/settings/settingTexts.js'
import { runDoctor, startDeployment } from './support/deployment.js'

t.test('settings', async (t) => {
  const { healthy, finds } = await startDeployment(t)
  const base = healthy()
  const plain = {
    WEIXIN_APP_ID: base.WEIXIN_APP_ID ?? '',
    WEIXIN_API_BASE_URL: base.WEIXIN_API_BASE_URL ?? '',
  }
  await finds(t, base, [
    {
      name: 'a V2 key of 31 characters',
      change: { WEIXIN_PAY_KEY: 'x'.repeat(31) },
      finds: ['settings/malformed'],
    },
    {
      name: 'two that are malformed at once, neither of which hides the other',
      change: { WEIXIN_PAY_KEY: 'short', WEIXIN_PAY_SERIAL_NO: '12:34', ALIPAY_SELLER_ID: '1' },
      finds: ['settings/malformed', 'settings/malformed', 'settings/malformed'],
    },
    {
      name: 'a V3 private key without its serial',
      change: { WEIXIN_PAY_SERIAL_NO: '' },
      finds: ['settings/missing'],
    },
    {
      name: 'an event address without its secret',
      change: { EVENT_TARGET: 'https://shop.example.com/events' },
      finds: ['settings/missing'],
    },
    {
      name: 'a sealing key that is none, an address of no database, and a key for pushes that is too short',
      change: {
        ...{ SETTINGS_KEY: 'x', MONGODB_URI: 'localhost:27017' },
        ...{ WEIXIN_MESSAGE_TOKEN: 'token', WEIXIN_MESSAGE_AES_KEY: 'short' },
      },
      finds: ['settings/malformed', 'settings/malformed', 'settings/malformed'],
    },
    {
      name: 'a callback address with a query',
      change: { NOTIFY_BASE_URL: 'https://shop.example.com/pay?x=1' },
      finds: ['settings/malformed'],
    },
    {
      name: 'a provider that there is not',
      change: { PAYMENT_PROVIDER: 'weixin-v4' },
      finds: ['settings/malformed'],
    },
    {
      name: 'a name that is no setting',
      circumstances: { unknownNames: [{ name: 'SHOP_NAME' }] },
      finds: ['settings/unknown-name'],
    },
    {
      name: 'a name with a slip in it',
      circumstances: { unknownNames: [{ name: 'WEIXIN_APPID', near: 'WEIXIN_APP_ID' }] },
      finds: ['settings/misspelt-name'],
    },
  ])
  await finds(t, plain, [
    {
      name: 'no settings at all',
      change: { WEIXIN_APP_ID: '', WEIXIN_API_BASE_URL: '' },
      finds: ['settings/nothing'],
    },
  ])
  await finds(t, healthy('alipay'), [
    {
      name: 'an AppSecret that is none, which WeChat refuses as well',
      change: { WEIXIN_APP_SECRET: 'the secret of the shop' },
      finds: ['weixin.secret/secret-wrong', 'settings/secret-odd'],
    },
  ])
})

t.test('choices', async (t) => {
  const { healthy, finds } = await startDeployment(t)
  const base = healthy()
  await finds(t, base, [
    { name: 'plain tokens', change: { WEIXIN_TOKEN_MODE: 'plain' }, finds: ['choices/plain-tokens'] },
    {
      name: 'WeChat over plain http, at another machine',
      change: { WEIXIN_API_BASE_URL: 'http://api.example.invalid' },
      finds: ['choices/in-the-clear'],
    },
    { name: 'open clients’ prices', change: { ALLOW_CLIENT_PRICING: 'on' }, finds: ['clients/pricing-on'] },
    {
      name: 'an origin with a slash at its end',
      change: { CLIENT_HTTP: 'on', CLIENT_ORIGINS: 'https://shop.example.com/' },
      finds: ['clients/origin-malformed'],
    },
    {
      name: 'a wildcard for an origin',
      change: { CLIENT_HTTP: 'on', CLIENT_ORIGINS: 'https://shop.example.com, *' },
      finds: ['clients/origin-malformed'],
    },
    {
      name: 'an origin of plain http',
      change: { CLIENT_HTTP: 'on', CLIENT_ORIGINS: 'http://shop.example.com' },
      finds: ['clients/origin-in-the-clear'],
    },
    {
      name: 'origins for a door that is shut',
      change: { CLIENT_ORIGINS: 'https://shop.example.com' },
      finds: ['clients/origins-unused'],
    },
    {
      name: 'a dotted name where a function’s belongs',
      change: { OPENAPI_CLIENT_FUNCTIONS: 'wxacodeCreateQRCode,wxacode.createQRCode' },
      finds: ['clients/function-unknown'],
    },
    {
      name: 'clients that shall make orders',
      change: { OPENAPI_CLIENT_FUNCTIONS: 'createOrder' },
      finds: ['clients/function-server-only'],
    },
  ])
  await finds(t, healthy('alipay'), [
    {
      name: 'evidence that lies open, and a function that cannot be probed for want of a secret',
      change: { EVIDENCE_KEY: '', ALIPAY_AES_KEY: '' },
      finds: ['choices/evidence-open'],
    },
  ])
})

t.test('the providers’ own entrances are no cause for worry', async (t) => {
  const { healthy } = await startDeployment(t)
  const base = {
    ...healthy(),
    NOTIFY_BASE_URL: 'https://shop.example.com/pay',
    WEIXIN_API_BASE_URL: 'https://api2.weixin.qq.com/',
    WEIXIN_PAY_BASE_URL: 'https://api.mch.weixin.qq.com',
    ALIPAY_GATEWAY_URL: 'https://openapi.alipay.com/gateway.do',
  }
  const { warnings, rest } = await runDoctor(base, { offline: true })
  t.strictSame(warnings, [])
  t.ok(rest.includes('choices/fine'))
  const { warnings: sandbox } = await runDoctor(
    { ...base, ALIPAY_GATEWAY_URL: 'https://openapi-sandbox.dl.alipaydev.com/gateway.do' },
    { offline: true },
  )
  t.strictSame(sandbox, ['choices/elsewhere'], 'a sandbox is')
})

t.test('what a setting looks like and where it is found is told in Chinese too', (t) => {
  for (const name of Object.keys(settingInfo) as SettingName[]) {
    for (const { zh } of Object.values(textsOf(name)))
      t.notMatch(zh.replace('openssl rand', ''), /[a-z]{2,} [a-z]{2,} /, `${name}: ${zh}`)
  }
  t.match(textsOf('WEIXIN_PAY_PRIVATE_KEY'), {
    example: { zh: 'apiclient_key.pem 的内容、base64 或路径' },
    where: { zh: 'pay.weixin.qq.com：账户中心 > API安全' },
  })
  t.end()
})
