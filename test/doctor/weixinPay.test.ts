import t from 'tap'
import { xml } from '../payment/weixin-v2/message.js'
import { newKeys, publicText } from './support/certified.js'
import { startDeployment } from './support/deployment.js'
import { relayTo } from './support/relay.js'

t.test('keys in the wrong place', async (t) => {
  const { platforms, healthy, finds } = await startDeployment(t)
  const both = healthy('weixin-v2', 'weixin-v3')
  const { key, v3Key } = platforms.merchant
  const swapped = { WEIXIN_PAY_KEY: v3Key, WEIXIN_PAY_V3_KEY: key }
  await finds(t, both, [
    { name: 'V2 key and APIv3 key exchanged', change: swapped, finds: ['weixinPay.keys/swapped'] },
    {
      name: 'the AppSecret for the V2 key',
      change: { WEIXIN_PAY_KEY: platforms.app.secret },
      finds: ['weixinPay.keys/is-app-secret'],
    },
    {
      name: 'the V2 key for both: in public-key mode nothing tells which of them is wrong',
      change: { WEIXIN_PAY_V3_KEY: key },
      finds: ['weixinPay.keys/same'],
    },
    {
      name: 'the V2 key for the APIv3 key, of a merchant that has no V2 here',
      base: healthy('weixin-v3'),
      change: { WEIXIN_PAY_V3_KEY: key },
      finds: ['weixinPay.v3/holds-v2-key'],
    },
    {
      name: 'a merchant without any key',
      base: healthy('weixin-v3'),
      change: { WEIXIN_MERCHANTS: '[{"mchId":"1900000999"}]' },
      finds: ['weixinPay.keys/none'],
    },
  ])
})

t.test('keys in the wrong place, where there are platform certificates', async (t) => {
  const { platforms, healthy, finds } = await startDeployment(t, { verification: 'certificates' })
  const { key, v3Key } = platforms.merchant
  await finds(t, healthy('weixin-v2', 'weixin-v3'), [
    {
      name: 'V2 key and APIv3 key exchanged',
      change: { WEIXIN_PAY_KEY: v3Key, WEIXIN_PAY_V3_KEY: key },
      finds: ['weixinPay.keys/swapped'],
    },
    {
      name: 'the AppSecret for the APIv3 key',
      change: { WEIXIN_PAY_V3_KEY: platforms.app.secret },
      finds: ['weixinPay.keys/is-app-secret'],
    },
    {
      name: 'an APIv3 key that was changed in the console',
      change: { WEIXIN_PAY_V3_KEY: '0'.repeat(32) },
      finds: ['weixinPay.v3/v3-key-wrong'],
    },
  ])
})

t.test('V2 at WeChat Pay', async (t) => {
  const { platforms, healthy, finds } = await startDeployment(t)
  const { mchId, key } = platforms.merchant
  const whole = healthy('weixin-v2')
  // Over plain http, where a relay can answer, there is no client certificate to show.
  const { WEIXIN_PAY_CERT, WEIXIN_PAY_CERT_KEY, WEIXIN_PAY_CA, WEIXIN_OPEN_APP_ID, ...rest } = whole
  const base = { ...rest, WEIXIN_PAY_BASE_URL: platforms.url }
  const answering = async (answer: () => string) => ({
    WEIXIN_PAY_BASE_URL: await relayTo(t, platforms.url, { '/pay/orderquery': answer }),
  })
  const unsigned = (text: string) => () => xml({ return_code: 'FAIL', return_msg: text })
  const other = { appId: 'wx0000000000000000', kind: 'mp' }
  await finds(t, base, [
    {
      name: 'a V2 key that was changed in the console',
      change: { WEIXIN_PAY_KEY: '0'.repeat(32) },
      finds: ['weixinPay.v2/key-wrong'],
    },
    {
      name: 'the same, told once although there are two applications',
      base: whole,
      change: { WEIXIN_PAY_KEY: '0'.repeat(32) },
      finds: ['weixinPay.v2/key-wrong'],
    },
    {
      name: 'another merchant',
      change: { WEIXIN_MCH_ID: '1900000999' },
      finds: ['weixinPay.v2/merchant-unknown'],
    },
    {
      name: 'an application of nobody',
      change: { WEIXIN_MCH_ID: '', WEIXIN_MERCHANTS: JSON.stringify([{ mchId, key, apps: [other] }]) },
      finds: ['weixinPay.v2/app-unknown'],
    },
    {
      name: 'no application at all',
      change: { WEIXIN_APP_ID: '' },
      finds: ['weixinPay.v2/no-app'],
    },
    {
      name: 'an application that is not bound',
      before: () => platforms.faults.next('weixin-pay-v2.orderquery', 'unbound'),
      finds: ['weixinPay.v2/app-not-bound'],
    },
    {
      name: 'the same in the words of the unsigned refusal',
      change: await answering(unsigned('商户号mch_id与appid不匹配')),
      finds: ['weixinPay.v2/app-not-bound'],
    },
    {
      name: 'an answer that somebody else has signed',
      before: () => platforms.faults.next('weixin-pay-v2.orderquery', 'forged'),
      finds: ['weixinPay.v2/not-authentic'],
    },
    {
      name: 'a merchant without V2',
      before: () => platforms.faults.next('weixin-pay-v2.orderquery', 'no-permission'),
      finds: ['weixinPay.v2/no-permission'],
    },
    {
      name: 'an address that the merchant does not allow',
      change: await answering(unsigned('此IP地址不允许调用接口')),
      finds: ['weixinPay.v2/address-refused'],
    },
    {
      name: 'a refusal nobody foresaw',
      change: await answering(unsigned('系统维护')),
      finds: ['weixinPay.v2/refused'],
    },
  ])
})

t.test('V3 at WeChat Pay', async (t) => {
  const { platforms, healthy, finds } = await startDeployment(t)
  const base = healthy('weixin-v3')
  const refusing = async (status: number, code: string, message: string) => ({
    WEIXIN_PAY_BASE_URL: await relayTo(t, platforms.url, {
      '/v3/certificates': () => ({ status, body: JSON.stringify({ code, message }) }),
    }),
  })
  await finds(t, base, [
    {
      name: 'another merchant',
      change: { WEIXIN_MCH_ID: '1900000999' },
      finds: ['weixinPay.v3/merchant-unknown'],
    },
    {
      name: 'an address that the merchant does not allow',
      change: await refusing(
        403,
        'NO_AUTH',
        '此IP地址不允许调用接口，如有需要请登录微信支付商户平台更改配置',
      ),
      finds: ['weixinPay.v3/address-refused'],
    },
    {
      name: 'a refusal nobody foresaw',
      change: await refusing(403, 'ACCOUNT_ERROR', '账号冻结'),
      finds: ['weixinPay.v3/refused'],
    },
    {
      name: 'a page in place of WeChat Pay',
      change: {
        WEIXIN_PAY_BASE_URL: await relayTo(t, platforms.url, {
          '/v3/certificates': () => '<html>Welcome</html>',
        }),
      },
      finds: ['weixinPay.v3/not-authentic'],
    },
    {
      name: 'an application that is not bound',
      before: () => platforms.faults.next('weixin-pay-v3.jsapi', 'unbound'),
      finds: ['weixinPay.v3App/not-bound'],
    },
    {
      name: 'a merchant without JSAPI payments',
      before: () => platforms.faults.next('weixin-pay-v3.jsapi', 'no-permission'),
      finds: ['weixinPay.v3App/no-permission'],
    },
  ])
})

t.test('a merchant with platform certificates', async (t) => {
  const { healthy, finds } = await startDeployment(t, { verification: 'certificates' })
  await finds(t, healthy('weixin-v3'), [
    {
      name: 'the id of a public key that it does not have',
      change: {
        WEIXIN_PAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_0119000009990000',
        WEIXIN_PAY_PUBLIC_KEY: publicText(newKeys().publicKey),
      },
      finds: ['weixinPay.v3/public-key-id-wrong'],
    },
  ])
})
