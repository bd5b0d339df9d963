import t from 'tap'
import { callAlipay } from '../../shared/alipay/client.js'
import { readMessage } from '../../shared/alipay/message.js'
import { orderString, signedParams } from '../../shared/alipay/request.js'
import { canonical } from '../../shared/alipay/signature.js'
import type { AlipayApp } from '../../shared/config/alipayApp.js'
import { rsaPublicKey, rsaVerify } from '../../shared/crypto/index.js'
import {
  APP_ID,
  answered,
  biz,
  done,
  keyApp,
  listen,
  merchant,
  type Params,
  pem,
  platform,
  sdk,
  signWith,
  stranger,
  testDependencies,
} from './fixtures.js'

/** Both ways against the published alipay-sdk: what we sign it verifies, what it signs we verify. */

const tricky = {
  outTradeNo: 'A_1',
  subject: '测试 50% & more + "quotes" <b>',
  totalAmount: '0.29',
  passbackParams: 'a%3D1%26b%3D2',
}
const trickyWire = {
  out_trade_no: 'A_1',
  subject: tricky.subject,
  total_amount: '0.29',
  passback_params: tricky.passbackParams,
}

/** The SDK in Alipay's place: it holds the application's public key. */
const judge = (signType: 'RSA2' | 'RSA' = 'RSA2') =>
  sdk({ alipayPublicKey: pem(merchant.publicKey), signType })

/** An application that calls at this time. */
const clientAt = (app: AlipayApp, now: number) => ({
  app,
  dependencies: { ...testDependencies(), clock: { ...testDependencies().clock, now: () => now } },
})

const formOf = (text: string): Params => Object.fromEntries(new URLSearchParams(text.replaceAll('+', '%2B')))

for (const signType of ['RSA2', 'RSA'] as const) {
  t.test(`the SDK verifies our ${signType} order string`, async (t) => {
    const request = {
      method: 'alipay.trade.app.pay',
      bizContent: trickyWire,
      notifyUrl: 'https://shop.example.com/pay/verifyPaymentNotify/alipay/1',
    }
    const params = formOf(orderString(clientAt(keyApp({ signType }), Date.UTC(2026, 0, 1)), request))
    t.ok(judge(signType).checkNotifySignV2(params))
    t.notOk(judge(signType).checkNotifySignV2({ ...params, biz_content: '{}' }), 'not with other content')
    t.match(params, { timestamp: '2026-01-01 08:00:00', sign_type: signType, charset: 'utf-8' })
    t.strictSame(biz(params), trickyWire)
  })

  t.test(`we verify the SDK's ${signType} order string`, async (t) => {
    const text = sdk({ signType }).sdkExecute('alipay.trade.app.pay', {
      bizContent: tricky,
      notifyUrl: 'https://shop.example.com/n',
    })
    const params = formOf(text)
    const hash = signType === 'RSA' ? 'sha1' : 'sha256'
    const key = rsaPublicKey(pem(merchant.publicKey))
    t.ok(rsaVerify(hash, key, canonical(Object.entries(params)), params.sign ?? ''))
    t.strictSame(biz(params), trickyWire, 'and it says what ours says')
  })
}

t.test('our order string is the one the SDK makes of the same parameters', async (t) => {
  const text = sdk().sdkExecute('alipay.trade.app.pay', { bizContent: tricky, format: 'JSON' })
  const theirs = formOf(text)
  const now = Date.parse(`${theirs.timestamp?.replace(' ', 'T')}+08:00`)
  const { sign, ...rest } = Object.fromEntries(
    signedParams(keyApp(), { method: 'alipay.trade.app.pay', bizContent: trickyWire }, now),
  )
  const { sign: theirSign, timestamp: theirTime, ...theirRest } = theirs
  const { timestamp: ourTime, ...ourRest } = rest
  t.strictSame(ourRest, theirRest)
  t.ok(sign && theirSign && ourTime && theirTime)
})

t.test('pageExec links of the SDK verify as well', async (t) => {
  const link = sdk().pageExec('alipay.trade.wap.pay', 'GET', { bizContent: tricky })
  const params = Object.fromEntries(new URL(link).searchParams)
  const key = rsaPublicKey(pem(merchant.publicKey))
  t.ok(rsaVerify('sha256', key, canonical(Object.entries(params)), params.sign ?? ''))
})

t.test('one gateway, both clients: requests verify, answers are believed', async (t) => {
  const gateway = await listen(t, (params) =>
    done(params, { trade_no: '2026', out_trade_no: biz(params).out_trade_no, text: 'a/b 中 "q"' }),
  )
  const ours = await callAlipay(
    { app: keyApp({ gateway: gateway.url }), dependencies: testDependencies() },
    { method: 'alipay.trade.query', bizContent: { out_trade_no: 'A_1' }, repeat: 'never' },
  )
  const theirs = await sdk({ gateway: gateway.url }).exec(
    'alipay.trade.query',
    { bizContent: { outTradeNo: 'A_1' } },
    { validateSign: true },
  )
  const { traceId: _none, ...fields } = theirs
  t.strictSame({ ...ours.fields }, { ...fields })
  const [fromUs, fromSdk] = gateway.received
  t.ok(judge().checkNotifySignV2(fromUs), 'the SDK verifies our request')
  const key = rsaPublicKey(pem(merchant.publicKey))
  t.ok(rsaVerify('sha256', key, canonical(Object.entries(fromSdk ?? {})), fromSdk?.sign ?? ''))
})

t.test('answers the SDK cuts wrongly are read rightly here', async (t) => {
  const value = '{"code":"10000","msg":"Success","trade_no":"1","note":"}\\"sign\\""}'
  const sign = signWith(platform.privateKey, value)
  const bodies = {
    'the signature in front': `{"sign":"${sign}","alipay_trade_query_response":${value}}`,
    'a member behind': `{"alipay_trade_query_response":${value},"sign":"${sign}","x":{"y":1}}`,
    'space everywhere': `\n{ "alipay_trade_query_response" : ${value} , "sign" : "${sign}" }\n`,
  }
  const gateway = await listen(t, () => '')
  for (const [name, body] of Object.entries(bodies)) {
    gateway.answer = () => body
    const call = { method: 'alipay.trade.query', bizContent: {}, repeat: 'never' } as const
    const { fields } = await callAlipay(
      { app: keyApp({ gateway: gateway.url }), dependencies: testDependencies() },
      call,
    )
    t.equal(fields.trade_no, '1', name)
  }
  gateway.answer = () => bodies['the signature in front']
  await t.rejects(
    sdk({ gateway: gateway.url }).exec('alipay.trade.query', { bizContent: {} }, { validateSign: true }),
    'the SDK cannot',
  )
})

t.test('notices: the SDK and we believe the same ones', async (t) => {
  const fields = {
    app_id: APP_ID,
    charset: 'utf-8',
    notify_type: 'trade_status_sync',
    out_trade_no: 'A_1',
    subject: tricky.subject,
    fund_bill_list: '[{"amount":"0.10","fundChannel":"ALIPAYACCOUNT"}]',
    sign_type: 'RSA2',
  }
  const notices = {
    'sign_type left out, as in trade notices': signWith(
      platform.privateKey,
      canonical(Object.entries(fields), ['sign_type']),
    ),
    'sign_type kept, as in service market notices': signWith(
      platform.privateKey,
      canonical(Object.entries(fields)),
    ),
    "a stranger's": signWith(stranger.privateKey, canonical(Object.entries(fields), ['sign_type'])),
  }
  for (const [name, sign] of Object.entries(notices)) {
    const body = new URLSearchParams({ ...fields, sign }).toString()
    const ours = await readMessage(
      { app: keyApp(), dependencies: testDependencies() },
      Buffer.from(body),
      undefined,
    )
    t.equal(ours.authentic, sdk().checkNotifySignV2({ ...fields, sign }), name)
    t.equal(ours.authentic, !name.startsWith('a stranger'), name)
  }
})

t.test('where the SDK is wrong: it lets the message choose RSA, and decodes twice', async (t) => {
  const fields = { app_id: APP_ID, charset: 'utf-8', subject: '50% off', sign_type: 'RSA' }
  const sign = signWith(platform.privateKey, canonical(Object.entries(fields), ['sign_type']), 'RSA-SHA1')
  t.ok(sdk().checkNotifySignV2({ ...fields, sign }), 'an RSA2 merchant takes SHA-1 from it')
  const body = Buffer.from(new URLSearchParams({ ...fields, sign }).toString())
  t.strictSame(await readMessage({ app: keyApp(), dependencies: testDependencies() }, body, undefined), {
    authentic: false,
    reason: 'signature type not ours',
  })
  t.throws(
    () => sdk().checkNotifySign({ ...fields, sign }),
    'and its first method cannot read a percent sign',
  )
  const ours = await readMessage(
    { app: keyApp({ signType: 'RSA' }), dependencies: testDependencies() },
    body,
    undefined,
  )
  t.ok(ours.authentic, 'RSA counts where it is configured')
})

t.test('encrypted content: the SDK opens ours, we open its answer', async (t) => {
  const client = sdk({ encryptKey: keyApp().aesKey ?? '' })
  const gateway = await listen(t, (params) => {
    const secret = client.aesDecrypt(params.biz_content ?? '')
    return answered(params, JSON.stringify(params.biz_content)).replace(
      '"sign"',
      `"asked":${JSON.stringify(secret)},"sign"`,
    )
  })
  const app = keyApp({ gateway: gateway.url })
  const bizContent = { code: '10000', msg: 'Success', mobile: '13800000000' }
  const call = { method: 'alipay.x.y', bizContent, encrypt: true, repeat: 'never' } as const
  const { fields } = await callAlipay({ app, dependencies: testDependencies() }, call)
  t.strictSame(fields, bizContent, 'what was sealed here came back sealed and was opened')
  t.equal(gateway.received[0]?.encrypt_type, 'AES')
  t.ok(judge().checkNotifySignV2(gateway.received[0]))
})
