import { generateKeyPairSync } from 'node:crypto'
import type { HttpCall } from '../../shared/operation/index.js'
import type { Accounts } from './ours.js'

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

export const merchant: Accounts['merchant'] = {
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

export const app: Accounts['app'] = {
  appId: '2021000122671080',
  privateKey: privatePem,
  publicKey: publicPem,
  signType: 'RSA2',
  gateway: 'https://openapi.alipay.com/gateway.do',
}

const dependencies: Accounts['dependencies'] = {
  clock: { now: () => NOW, sleep: async () => undefined },
  random: { bytes: (length) => Buffer.alloc(length) },
  http: { request: () => Promise.reject(new Error('nothing measured here makes requests')) },
  timeLeft: () => 10_000,
  upstream: () => undefined,
}

export const accounts: Accounts = { merchant, app, dependencies }

/**
 * Makes a message as its sender does. `text` is what the merchant once attached to the order, which comes back with
 * it; what a forged one is signed for is another text.
 */
export type Compose<Message> = (text: string, forged?: boolean) => Message

export const FORGERY = 'x'

export const callWith = (rawBody: Buffer, headers: Record<string, string> = {}): HttpCall => ({
  ...{ method: 'POST', path: '/', query: {}, headers, rawBody },
})
