import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import {
  openAes256Gcm,
  rsaPrivateKey,
  rsaPublicKey,
  rsaSign,
  rsaVerify,
} from '../../../shared/crypto/index.js'
import { paymentFacts } from '../../../shared/payment/weixin-v3/facts.js'
import { appParameters, miniProgramParameters } from '../../../shared/payment/weixin-v3/order.js'
import type { V3Merchant } from '../../../shared/payment/weixin-v3/signature.js'
import { authorization, decryptResource, signedLines } from '../../../shared/payment/weixin-v3/signature.js'

/** Every published vector of WeChat Pay V3, by id. */

interface Vector {
  id: string
  group: string
  input: Record<string, string>
  expected: Record<string, string>
}

const file = JSON.parse(
  readFileSync(new URL('../../vectors/payment-vectors.json', import.meta.url), 'utf8'),
) as { keys: Record<string, Record<string, string>>; vectors: Vector[] }

const textOf = (record: Record<string, string> | undefined, name: string): string => {
  const value = record?.[name]
  if (typeof value !== 'string') throw new Error(`the vectors have no ${name}`)
  return value
}

const privatePem = ({ input }: Vector): string =>
  textOf(file.keys[textOf(input, 'privateKeyRef')], 'privateKeyPem')

const merchant = (vector: Vector, key = '0'.repeat(32)): V3Merchant => {
  const demo = file.keys['wechat-doc-demo-merchant']
  return {
    mchId: textOf(demo, 'mchid'),
    baseUrl: 'https://api.mch.weixin.qq.com',
    signType: 'MD5',
    apps: [],
    v3: {
      key,
      serialNo: textOf(demo, 'serial_no'),
      privateKey: vector.input.privateKeyRef ? privatePem(vector) : '',
      publicKeys: [],
    },
  }
}

const partsOf = (header: string) => {
  const [, suite, parts = ''] = /^(\S+) (.*)$/.exec(header) ?? []
  return { suite, ...Object.fromEntries([...parts.matchAll(/(\w+)="([^"]*)"/g)].map(([, k, v]) => [k, v])) }
}

function checkRequest(t: Test, vector: Vector): void {
  const { input, expected } = vector
  if (input.message !== undefined) {
    checkMessage(t, vector)
    return
  }
  const signable = {
    method: textOf(input, 'method'),
    target: textOf(input, 'urlPathAndQuery'),
    body: input.body ?? '',
  }
  const once = { timestamp: textOf(input, 'timestamp'), nonceStr: textOf(input, 'nonce') }
  const { method, target, body } = signable
  t.equal(signedLines(method, target, once.timestamp, once.nonceStr, body), input.stringToSign)
  const header = partsOf(authorization(merchant(vector), signable, once))
  t.match(header, { signature: expected.signature, timestamp: once.timestamp, nonce_str: once.nonceStr })
  if (expected.authorization !== undefined) t.strictSame(header, partsOf(expected.authorization))
}

/** Bare signatures: what we sign with the published key, and what we verify with the published certificate. */
function checkMessage(t: Test, vector: Vector): void {
  const { input, expected } = vector
  const message = textOf(input, 'message')
  const signature = expected.signature ?? textOf(input, 'signature')
  if (input.privateKeyRef !== undefined) {
    t.equal(rsaSign('sha256', rsaPrivateKey(privatePem(vector)), message), signature)
  }
  if (input.certificatePem === undefined) return
  const key = rsaPublicKey(input.certificatePem)
  t.ok(rsaVerify('sha256', key, message, signature))
  t.notOk(rsaVerify('sha256', key, `wrong ${message}`, signature))
  t.equal(new X509Certificate(input.certificatePem).serialNumber, expected.certificateSerialHexUpper)
}

function checkPaySign(t: Test, vector: Vector): void {
  const { input, expected } = vector
  if (input.appId !== undefined) {
    const order = {
      ...{ appId: input.appId, mchId: '', prepayId: textOf(input, 'package').replace('prepay_id=', '') },
      ...{ timestamp: textOf(input, 'timeStamp'), nonceStr: textOf(input, 'nonceStr') },
    }
    t.match(miniProgramParameters(merchant(vector), order), {
      ...expected,
      package: input.package,
    })
    return
  }
  const made = appParameters(merchant(vector), {
    ...{ appId: textOf(input, 'appid'), mchId: '', prepayId: textOf(input, 'prepayid') },
    ...{ timestamp: textOf(input, 'timestamp'), nonceStr: textOf(input, 'noncestr') },
  })
  t.match(made, { sign: expected.sign, package: 'Sign=WXPay', prepayid: input.prepayid })
}

/** Three test the cipher alone, with keys and nonces no notice may have. */
const CIPHER_ONLY = new Set(['wxv3-go-gcm-hello', 'wxv3-axios-gcm-hello', 'wxv3-axios-gcm-empty'])

function checkGcm(t: Test, vector: Vector): void {
  const { id, input, expected } = vector
  const sealed = { ...input, algorithm: 'AEAD_AES_256_GCM' }
  const plain = decryptResource(merchant(vector, textOf(input, 'key')), sealed)
  if (CIPHER_ONLY.has(id)) {
    t.equal(plain, undefined, 'the notice decryptor refuses its sizes')
    const box = { key: Buffer.from(textOf(input, 'key')), nonce: Buffer.from(textOf(input, 'nonce')) }
    t.throws(() => openAes256Gcm(box, Buffer.from(textOf(input, 'ciphertext'), 'base64')))
    return
  }
  t.equal(plain?.toString('utf8'), expected.plaintext)
  const cut = Buffer.from(textOf(input, 'ciphertext'), 'base64').subarray(0, 15).toString('base64')
  t.equal(decryptResource(merchant(vector, textOf(input, 'key')), { ...sealed, ciphertext: cut }), undefined)
  t.equal(
    decryptResource(merchant(vector, textOf(input, 'key')), { ...sealed, associated_data: 'other' }),
    undefined,
  )
  t.equal(
    decryptResource(merchant(vector, textOf(input, 'key')), { ...sealed, algorithm: 'AEAD_SM4_GCM' }),
    undefined,
  )
}

const checks: Record<string, (t: Test, vector: Vector) => void> = {
  'wechat-v3-request': checkRequest,
  'wechat-v3-response': checkMessage,
  'wechat-v3-paysign': checkPaySign,
  'wechat-v3-gcm': checkGcm,
}

const ours = file.vectors.filter(({ group }) => group.startsWith('wechat-v3'))

t.test('there are vectors, and a check for each of their groups', async (t) => {
  t.ok(ours.length >= 13)
  t.strictSame(
    ours.filter(({ group }) => checks[group] === undefined).map(({ id }) => id),
    [],
  )
})

for (const vector of ours) {
  t.test(vector.id, async (t) => checks[vector.group]?.(t, vector))
}

t.test('the decrypted transaction of the published vector gives the facts of a payment', async (t) => {
  const vector = ours.find(({ id }) => id === 'wxv3-gcm-transaction-aes256')
  const facts = paymentFacts(JSON.parse(textOf(vector?.expected, 'plaintext')))
  t.match(facts, {
    outTradeNo: '1217752501201407033233368018',
    transactionId: '1217752501201407033233368018',
    totalFee: 100,
    cashFee: 100,
    feeType: 'CNY',
    tradeState: 'SUCCESS',
    timeEnd: '20180608103456',
  })
})
