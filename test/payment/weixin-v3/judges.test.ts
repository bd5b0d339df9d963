import t from 'tap'
import { Aes, Decorator, Rsa } from 'wechatpay-axios-plugin'
import WxPay from 'wechatpay-node-v3'
import { rememberedCertificates } from '../../../shared/certificates/source.js'
import { systemClock } from '../../../shared/clock.js'
import { rsaVerify, sealAes256Gcm } from '../../../shared/crypto/index.js'
import { initWeixin } from '../../../shared/library/index.js'
import { v3Client, weixinV3 } from '../../../shared/payment/weixin-v3/index.js'
import type { V3Merchant } from '../../../shared/payment/weixin-v3/signature.js'
import {
  authorization,
  decryptResource,
  signLines,
  verifySignature,
} from '../../../shared/payment/weixin-v3/signature.js'
import { certificate } from './keys.js'
import { noticeBody, transaction } from './messages.js'
import {
  API_KEY,
  APP_ID,
  certificatesBody,
  failure,
  json,
  MCH_ID,
  MCH_SERIAL,
  merchantAt,
  merchantKeys,
  NOW,
  openPlatform,
  PUBLIC_KEY_ID,
  platformKeys,
  testDependencies,
  vouch,
} from './platform.js'

/**
 * The published SDKs as judges, in both directions. They read the machine's clock; nothing here depends on what it
 * says.
 */

const once = { timestamp: '1769832000', nonceStr: '593BEC0C930BF1AFEB40B4A08C8FB242' }
const body = JSON.stringify({ description: '一杯咖啡', amount: { total: 1 } })

const ours = (): V3Merchant =>
  v3Client(merchantAt('http://127.0.0.1:1'), testDependencies(), rememberedCertificates()).merchant

const certificatePem = certificate(
  MCH_SERIAL,
  { notBefore: NOW - 1000, notAfter: NOW + 1e9 },
  merchantKeys,
).pem

const node3 = () =>
  new WxPay({
    appid: APP_ID,
    mchid: MCH_ID,
    serial_no: MCH_SERIAL,
    publicKey: Buffer.from(certificatePem),
    privateKey: Buffer.from(merchantKeys.privatePem),
    key: API_KEY,
  })

const plugin = (baseURL: string) =>
  new Decorator({
    mchid: MCH_ID,
    serial: MCH_SERIAL,
    privateKey: Buffer.from(merchantKeys.privatePem),
    certs: { [PUBLIC_KEY_ID]: Buffer.from(platformKeys.publicPem) },
    baseURL,
    proxy: false,
  })

t.test('wechatpay-node-v3 signs a request as we do, to the byte', async (t) => {
  const theirs = node3()
  for (const [method, target, text] of [
    ['POST', '/v3/pay/transactions/jsapi', body],
    ['GET', '/v3/pay/transactions/out-trade-no/a%7Cb?mchid=1900007291', ''],
  ] as const) {
    const signature = theirs.getSignature(method, once.nonceStr, once.timestamp, target, text)
    t.equal(signLines(ours(), method, target, once.timestamp, once.nonceStr, text), signature)
    const header = theirs.getAuthorization(once.nonceStr, once.timestamp, signature)
    const parts = (written: string) => [...written.matchAll(/(\w+)="([^"]*)"/g)].map(String).sort()
    t.strictSame(parts(authorization(ours(), { method, target, body: text }, once)), parts(header))
    t.equal(header.split(' ')[0], 'WECHATPAY2-SHA256-RSA2048')
  }
})

t.test('wechatpay-axios-plugin verifies what we sign', async (t) => {
  const signature = signLines(ours(), 'one', '', 'three')
  t.ok(Rsa.verify('one\n\nthree\n', signature, Buffer.from(merchantKeys.publicPem)))
  t.ok(
    rsaVerify('sha256', merchantKeys.publicKey, 'two', Rsa.sign('two', Buffer.from(merchantKeys.privatePem))),
  )
})

t.test('both open what we seal, and we open what they seal', async (t) => {
  const nonce = 'katvtHDDPxkw'
  const box = {
    key: Buffer.from(API_KEY),
    nonce: Buffer.from(nonce),
    associatedData: Buffer.from('transaction'),
  }
  const sealed = sealAes256Gcm(box, Buffer.from(JSON.stringify(transaction))).toString('base64')
  t.strictSame(JSON.parse(Aes.AesGcm.decrypt(sealed, API_KEY, nonce, 'transaction')), transaction)
  t.strictSame(node3().decipher_gcm(sealed, 'transaction', nonce), transaction)
})

t.test('both encrypt and decrypt sensitive fields as we do', async (t) => {
  const { payment } = initWeixin({
    ...{ appId: APP_ID, mchId: MCH_ID, v3Key: API_KEY, serialNo: MCH_SERIAL },
    ...{ privateKey: merchantKeys.privatePem, publicKeyId: PUBLIC_KEY_ID, publicKey: platformKeys.publicPem },
  })
  const { serial, encrypted } = await payment.encryptSensitive({ name: '张三' })
  t.equal(serial, PUBLIC_KEY_ID)
  t.equal(Rsa.decrypt(encrypted.name ?? '', Buffer.from(platformKeys.privatePem)), '张三')
  const { decrypted } = await payment.decryptSensitive({
    name: Rsa.encrypt('李四', Buffer.from(merchantKeys.publicPem)),
    phone: node3().publicEncrypt('王五', Buffer.from(merchantKeys.publicPem)),
  })
  t.strictSame(decrypted, { name: '李四', phone: '王五' })
  t.match(await failure(payment.decryptSensitive({ name: 'AAAA' })), {
    errMsg: "name: expected a text encrypted for this merchant's certificate",
  })
  t.match(await failure(payment.encryptSensitive({ name: 1 } as never)), { errCode: 'INVALID_PARAM' })
  const v2 = initWeixin({ appId: APP_ID, mchId: MCH_ID, key: API_KEY }).payment
  t.match(await failure(v2.encryptSensitive({ name: '张三' })), { errCode: 'NOT_OFFERED' })
  t.equal(node3().privateDecrypt(node3().publicEncrypt('a', Buffer.from(certificatePem))), 'a')
})

t.test('wechatpay-axios-plugin, as a client, is taken by the platform that takes us', async (t) => {
  const platform = await openPlatform(t, systemClock)
  const theirs = plugin(platform.baseUrl)
  const dependencies = testDependencies()
  const us = weixinV3(
    merchantAt(platform.baseUrl),
    { ...dependencies, clock: systemClock },
    rememberedCertificates(),
  )
  platform.answer = () => json(200, transaction)
  const answer = await theirs.request(
    `/v3/pay/transactions/out-trade-no/${String(transaction.out_trade_no)}`,
    'GET',
    undefined,
    { params: { mchid: MCH_ID } },
  )
  t.strictSame(answer.data, transaction)
  t.equal((await us.orderQuery({ outTradeNo: String(transaction.out_trade_no) }))?.facts.totalFee, 1999)
  const [one, other] = platform.asked
  t.equal(one?.target, other?.target)
})

t.test('wechatpay-node-v3 verifies the platform we verify, and takes its certificates', async (t) => {
  const platformCertificate = certificate('5157F09EFDC096DE15EBE81A47057A7232F1B8E1', {
    notBefore: NOW - 1000,
    notAfter: NOW + 1e9,
  })
  const theirs = node3()
  theirs.createHttp({
    get: async () => ({ status: 200, data: JSON.parse(certificatesBody([platformCertificate])) }),
    post: async () => ({ status: 500 }),
    upload: async () => ({ status: 500 }),
  })
  const notice = noticeBody('payment')
  const headers = vouch(platformCertificate, notice, NOW)
  const of = (name: string) => headers[`wechatpay-${name}`] ?? ''
  const given = {
    timestamp: of('timestamp'),
    nonce: of('nonce'),
    serial: of('serial'),
    signature: of('signature'),
  }
  t.ok(await theirs.verifySign({ ...given, body: notice }))
  t.notOk(await theirs.verifySign({ ...given, body: `${notice} ` }))
  const find = () => platformCertificate.publicKey
  t.equal(await verifySignature({ headers, body: Buffer.from(notice) }, NOW, find), undefined)
  t.match(await verifySignature({ headers, body: Buffer.from(`${notice} `) }, NOW, find), {
    reason: 'signature wrong',
  })
})

t.test('where a peer is wrong, we are right', async (t) => {
  const nonce = 'katvtHDDPxkw'
  const box = {
    key: Buffer.from(API_KEY),
    nonce: Buffer.from(nonce),
    associatedData: Buffer.from('transaction'),
  }
  const sealed = sealAes256Gcm(box, Buffer.from('{"total":1999}'))
  sealed.writeUInt8(sealed.readUInt8(0) ^ 1, 0)
  const changed = sealed.toString('base64')
  t.ok(node3().decipher_gcm(changed, 'transaction', nonce), 'wechatpay-node-v3 never checks the tag')
  const resource = {
    algorithm: 'AEAD_AES_256_GCM',
    nonce,
    associated_data: 'transaction',
    ciphertext: changed,
  }
  t.equal(decryptResource(ours(), resource), undefined, 'we do')

  const platform = await openPlatform(t, systemClock)
  platform.answer = () => ({ ...json(404, { code: 'ORDER_NOT_EXIST', message: '' }), signed: false })
  const theirs = plugin(platform.baseUrl)
  const theirError = await Promise.resolve(
    theirs.request('/v3/pay/transactions/out-trade-no/x1', 'GET'),
  ).catch((error: { response?: { data?: unknown } }) => error.response?.data)
  t.match(theirError, { code: 'ORDER_NOT_EXIST' }, 'wechatpay-axios-plugin believes unsigned errors')
  const us = weixinV3(
    merchantAt(platform.baseUrl),
    { ...testDependencies(), clock: systemClock },
    rememberedCertificates(),
  )
  await t.rejects(us.orderQuery({ outTradeNo: 'x12345' }), {
    message: /does not verify.*claims ORDER_NOT_EXIST/,
  })
})
