import { generateKeyPairSync } from 'node:crypto'
import type { AlipayApp } from '../../shared/config/alipayApp.js'
import type { ProviderDependencies } from '../../shared/payment/provider.js'
import type { V2Merchant } from '../../shared/payment/weixin-v2/signature.js'
import type { V3Merchant } from '../../shared/payment/weixin-v3/signature.js'

/** A merchant and its payment systems, whose keys exist for one run. */

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })

/** Of the merchant. */
export const ours = pair()
/** Of the payment systems. */
export const theirs = pair()

const privatePem = ours.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const publicPem = theirs.publicKey.export({ type: 'spki', format: 'pem' }).toString()

/** Milliseconds; no time passes. */
export const NOW = Date.UTC(2026, 0, 31, 4)
export const WEIXIN_APP = 'wx0123456789abcdef'
export const SERIAL = 'PUB_KEY_ID_0114232134912410000000000000'

export const merchant: V3Merchant & V2Merchant = {
  mchId: '1900007291',
  key: '0123456789abcdefghijklmnopqrstuv',
  signType: 'MD5',
  baseUrl: 'https://api.mch.weixin.qq.com',
  apps: [{ appId: WEIXIN_APP, kind: 'mp' }],
  v3: {
    key: 'vutsrqponmlkjihgfedcba9876543210',
    serialNo: '3775B6A45ACD588826D15E583A95F5DD00000001',
    privateKey: privatePem,
    publicKeys: [{ id: SERIAL, key: publicPem }],
  },
}

export const app: AlipayApp = {
  appId: '2021000122671080',
  privateKey: privatePem,
  publicKey: publicPem,
  signType: 'RSA2',
  gateway: 'https://openapi.alipay.com/gateway.do',
}

/** Nothing measured here asks for anything outside. */
export const outside: ProviderDependencies = {
  clock: { now: () => NOW, sleep: async () => undefined },
  random: { bytes: (length) => Buffer.alloc(length) },
  http: { request: () => Promise.reject(new Error('nobody is asked')) },
  timeLeft: () => 10_000,
  upstream: () => undefined,
}
