import t from 'tap'
import { rememberedCertificates } from '../../../shared/certificates/source.js'
import { weixinV3 } from '../../../shared/payment/weixin-v3/index.js'
import { keyPair } from './keys.js'
import { transaction } from './messages.js'
import {
  failure,
  json,
  merchantAt,
  merchantKeys,
  NOW,
  openPlatform,
  type Platform,
  PUBLIC_KEY_ID,
  platformKeys,
  publicKeySigner,
  testClock,
  testDependencies,
  vouch,
} from './platform.js'

/** What stands on the way between WeChat Pay and us may change answers; none of that is ever believed. */

const strangers = keyPair()
type Sent = ReturnType<Platform['onTheWay']>

const header = (name: string, value?: string) => (sent: Sent) => {
  const { [name]: _given, ...headers } = sent.headers
  return { ...sent, headers: value === undefined ? headers : { ...headers, [name]: value } }
}

const forged: [name: string, why: RegExp, onTheWay: Platform['onTheWay']][] = [
  ['no signature', /signature missing, wechatpay-signature/, header('wechatpay-signature')],
  ['no serial', /signature missing, wechatpay-serial/, header('wechatpay-serial')],
  ['no timestamp', /signature missing, wechatpay-timestamp/, header('wechatpay-timestamp')],
  ['no nonce', /signature missing, wechatpay-nonce/, header('wechatpay-nonce')],
  ['a probe', /signature probe/, header('wechatpay-signature', 'WECHATPAY/SIGNTEST/AAAA')],
  ['another suite', /signature type not ours/, header('wechatpay-signature-type', 'WECHATPAY2-SM2-WITH-SM3')],
  ['unknown key', /signature key unknown, serial PUB_KEY_ID_0/, header('wechatpay-serial', 'PUB_KEY_ID_0')],
  ['another nonce', /signature wrong/, header('wechatpay-nonce', 'other')],
  ['two nonces', /malformed, wechatpay-nonce/, header('wechatpay-nonce', 'one, two')],
  ['another body', /signature wrong/, (sent) => ({ ...sent, body: String(sent.body).replace(/[a-z]/, 'X') })],
  ['a body in other words', /signature wrong/, (sent) => ({ ...sent, body: ` ${String(sent.body)}` })],
  [
    'a stranger who knows the serial',
    /signature wrong/,
    (sent) => ({
      ...sent,
      headers: {
        ...sent.headers,
        ...vouch({ ...publicKeySigner, privatePem: strangers.privatePem }, String(sent.body), NOW),
      },
    }),
  ],
  [
    'an answer of five minutes ago',
    /time out of range, 3\d\d s behind our clock/,
    (sent) => ({
      ...sent,
      headers: { ...sent.headers, ...vouch(publicKeySigner, String(sent.body), NOW - 301_000) },
    }),
  ],
  [
    'an answer from the future',
    /time out of range/,
    (sent) => ({
      ...sent,
      headers: { ...sent.headers, ...vouch(publicKeySigner, String(sent.body), NOW + 310_000) },
    }),
  ],
]

for (const [name, why, onTheWay] of forged) {
  t.test(`${name}: the outcome is unknown, whatever the answer claims`, async (t) => {
    const claims = [
      json(200, transaction),
      json(404, { code: 'ORDER_NOT_EXIST', message: '订单不存在' }),
      json(500, { code: 'SYSTEM_ERROR', message: '系统错误' }),
    ]
    for (const claim of claims) {
      const dependencies = testDependencies()
      const platform = await openPlatform(t, testClock())
      platform.answer = () => claim
      platform.onTheWay = onTheWay
      const provider = weixinV3(merchantAt(platform.baseUrl), dependencies, rememberedCertificates())
      const error = await failure(provider.orderQuery({ outTradeNo: 'order20260131' }))
      t.equal(error.errCode, 'UNVERIFIED_ANSWER')
      t.equal(error.outcome, 'unknown')
      t.match(error.errMsg, why)
      t.equal(platform.asked.length, 3, 'a query is repeated')
    }
  })
}

t.test('an unsigned refusal of our signature is passed on as hearsay, with what to check', async (t) => {
  const platform = await openPlatform(t, testClock())
  const detail = { field: 'signature', issue: 'sign not match', location: 'authorization' }
  platform.answer = () => ({
    ...json(401, { code: 'SIGN_ERROR', message: '错误的签名', detail }),
    signed: false,
  })
  const provider = weixinV3(merchantAt(platform.baseUrl), testDependencies(), rememberedCertificates())
  t.match(await failure(provider.orderQuery({ outTradeNo: 'order20260131' })), {
    errCode: 'UNVERIFIED_ANSWER',
    outcome: 'unknown',
    advice: 'fix the settings',
    message:
      /claims SIGN_ERROR.*WEIXIN_PAY_PRIVATE_KEY.*it said: 错误的签名 \(signature, issue: sign not match, location: authorization\)$/,
    clientMsg: /claims SIGN_ERROR(?!.*错误的签名)/,
  })
  t.equal(platform.asked.length, 1, 'settings do not get better by asking again')
})

t.test('a wrong public key, or id of it, is named with what to compare', async (t) => {
  const platform = await openPlatform(t, testClock())
  platform.answer = () => json(200, transaction)
  const merchant = merchantAt(platform.baseUrl)
  const query = async (publicKeys: { id: string; key: string }[]) => {
    const v3 = merchant.v3 && { ...merchant.v3, publicKeys }
    const dependencies = testDependencies()
    const provider = weixinV3({ ...merchant, v3 }, dependencies, rememberedCertificates())
    const error = await failure(provider.orderQuery({ outTradeNo: 'order20260131' }))
    t.match(error, { errCode: 'UNVERIFIED_ANSWER', advice: 'fix the settings', outcome: 'unknown' })
    return error
  }
  const other = { id: 'PUB_KEY_ID_0100000000000000000000000000000000', key: strangers.publicPem }
  const { errMsg: key } = await query([{ id: PUBLIC_KEY_ID, key: strangers.publicPem }])
  t.match(
    key,
    `WEIXIN_PAY_PUBLIC_KEY is not the key of ${PUBLIC_KEY_ID}: compare it with the one in the merchant console`,
  )
  const { errMsg: own } = await query([{ id: PUBLIC_KEY_ID, key: merchantKeys.publicPem }])
  t.match(own, /WEIXIN_PAY_PUBLIC_KEY is the public half of WEIXIN_PAY_PRIVATE_KEY, the merchant's own/)
  const { errMsg: id } = await query([{ ...other, key: platformKeys.publicPem }])
  t.match(id, `WEIXIN_PAY_PUBLIC_KEY_ID is ${other.id}, and the answer names ${PUBLIC_KEY_ID}: compare`)
  t.match(id, /WEIXIN_PAY_PUBLIC_KEY is right, its id is not/)
  const { errMsg: both } = await query([other])
  t.match(both, /copy WEIXIN_PAY_PUBLIC_KEY from there again as well/)
})

t.test('a request made with another key is refused by the platform, authentically', async (t) => {
  const platform = await openPlatform(t, testClock())
  const merchant = merchantAt(platform.baseUrl)
  const v3 = merchant.v3 && { ...merchant.v3, privateKey: strangers.privatePem }
  const provider = weixinV3({ ...merchant, v3 }, testDependencies(), rememberedCertificates())
  t.match(await failure(provider.orderQuery({ outTradeNo: 'order20260131' })), {
    errCode: 'SIGN_ERROR',
    outcome: 'failed',
  })
})

t.test('an authentic answer that is no object leaves the outcome unknown', async (t) => {
  const platform = await openPlatform(t, testClock())
  const provider = weixinV3(merchantAt(platform.baseUrl), testDependencies(), rememberedCertificates())
  for (const body of ['[]', 'null', '<xml/>', '{']) {
    platform.answer = () => ({ status: 200, body })
    t.match(await failure(provider.orderQuery({ outTradeNo: 'order20260131' })), { outcome: 'unknown' })
  }
})

t.test('the key is chosen by the serial, not by what is configured first', async (t) => {
  const platform = await openPlatform(t, testClock())
  platform.answer = () => json(200, transaction)
  const older = keyPair()
  const merchant = merchantAt(platform.baseUrl)
  const keys = merchant.v3?.publicKeys ?? []
  const v3 = merchant.v3 && {
    ...merchant.v3,
    publicKeys: [{ id: 'PUB_KEY_ID_1', key: older.publicPem }, ...keys],
  }
  const provider = weixinV3({ ...merchant, v3 }, testDependencies(), rememberedCertificates())
  t.ok(await provider.orderQuery({ outTradeNo: 'order20260131' }))
  t.equal(platform.asked[0]?.headers['wechatpay-serial'], 'PUB_KEY_ID_1', 'the key in use is the first')
  platform.signer = { serial: 'PUB_KEY_ID_1', privatePem: older.privatePem }
  t.ok(await provider.orderQuery({ outTradeNo: 'order20260131' }))
  platform.signer = { serial: PUBLIC_KEY_ID, privatePem: older.privatePem }
  t.match(await failure(provider.orderQuery({ outTradeNo: 'order20260131' })), { outcome: 'unknown' })
})
