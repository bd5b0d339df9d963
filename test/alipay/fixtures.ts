import { createSign, type KeyObject } from 'node:crypto'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { AlipaySdk } from 'alipay-sdk'
import type { Test } from 'tap'
import type { AlipayDependencies } from '../../shared/alipay/request.js'
import { type Clock, systemRandom } from '../../shared/clock.js'
import type { AlipayApp } from '../../shared/config/alipayApp.js'
import { http as realHttp } from '../../shared/http/http.js'
import { newKeyPair } from '../../tools/emulator/platforms/certificates/index.js'
import { HAND_CLOCK_START } from '../support/clock.js'

/** A merchant and an Alipay that exist for one test process. */

export const APP_ID = '2021000122671080'
export const SELLER_ID = '2088102175489011'
export const BUYER_ID = '2088102534368455'
export const OPEN_ID = '064e3F8-vcL_gFLpZ1Gmb0SJ9kFQ5Pg2nMmCSO8fM5Tkm0j'
export const AES_KEY = 'aa4BtZ4tspm2wnXLb1ThQA=='

export const merchant = newKeyPair()
export const platform = newKeyPair()
export const stranger = newKeyPair()

export const pem = (key: KeyObject): string =>
  key.export({ type: key.type === 'private' ? 'pkcs8' : 'spki', format: 'pem' }).toString()

export const keyApp = (over: Partial<AlipayApp> = {}): AlipayApp => ({
  appId: APP_ID,
  privateKey: pem(merchant.privateKey),
  publicKey: pem(platform.publicKey),
  sellerId: SELLER_ID,
  aesKey: AES_KEY,
  signType: 'RSA2',
  gateway: 'http://127.0.0.1:9/gateway.do',
  ...over,
})

/** The settings that say the same to a deployment. */
export const keySettings = (gateway: string): Record<string, string> => ({
  ALIPAY_APP_ID: APP_ID,
  ALIPAY_PRIVATE_KEY: pem(merchant.privateKey),
  ALIPAY_PUBLIC_KEY: pem(platform.publicKey),
  ALIPAY_AES_KEY: AES_KEY,
  ALIPAY_GATEWAY_URL: gateway,
})

/** Base64, by Node's own streaming signer: not the code under test. */
export const signWith = (key: KeyObject, data: string | Buffer, hash = 'RSA-SHA256'): string =>
  createSign(hash).update(data).sign(key, 'base64')

/** The published SDK, holding `key` for the counterpart's public key. */
export const sdk = (over: Partial<ConstructorParameters<typeof AlipaySdk>[0]> = {}): AlipaySdk =>
  new AlipaySdk({
    appId: APP_ID,
    privateKey: pem(merchant.privateKey),
    keyType: 'PKCS8',
    alipayPublicKey: pem(platform.publicKey),
    camelcase: false,
    ...over,
  })

/** Time passes when somebody sleeps, at once, and when the test says so. */
interface SleepersClock extends Clock {
  pass(ms: number): void
}

function sleepersClock(): SleepersClock {
  let now = HAND_CLOCK_START
  const pass = (ms: number) => {
    now += ms
  }
  return { now: () => now, sleep: async (ms) => pass(ms), pass }
}

export interface TestDependencies extends AlipayDependencies {
  clock: SleepersClock
  /** What was reported for the log. */
  calls: { api: string; code: number | string }[]
  /** Settable: milliseconds. */
  left: number
}

export function testDependencies(): TestDependencies {
  const calls: TestDependencies['calls'] = []
  const made: TestDependencies = {
    http: realHttp,
    clock: sleepersClock(),
    random: systemRandom,
    calls,
    left: 5000,
    timeLeft: () => made.left,
    upstream: ({ api, code }) => void calls.push({ api, code }),
  }
  return made
}

export type Params = Record<string, string>

interface Reply {
  status?: number
  headers?: Record<string, string>
  body: string | Buffer
}

/** Never answers. */
export const SILENCE = Symbol('silence')
/** Cuts the connection. */
export const CUT = Symbol('cut')

export type Answerer = (params: Params, path: string) => Reply | string | typeof SILENCE | typeof CUT

export interface Gateway {
  url: string
  origin: string
  /** What arrived, query and body together. */
  received: Params[]
  answer: Answerer
}

/** A gateway on the loopback that answers what the test says. */
export async function listen(t: Test, answer: Answerer): Promise<Gateway> {
  const gateway: Gateway = { url: '', origin: '', received: [], answer }
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const { searchParams, pathname } = new URL(request.url ?? '/', gateway.origin)
      const body = new URLSearchParams(Buffer.concat(parts).toString('utf8'))
      const params = { ...Object.fromEntries(searchParams), ...Object.fromEntries(body) }
      gateway.received.push(params)
      const reply = gateway.answer(params, pathname)
      if (reply === SILENCE) return
      if (reply === CUT) return void request.socket.destroy()
      const { status = 200, headers = {}, body: text } = typeof reply === 'string' ? { body: reply } : reply
      response.writeHead(status, { 'content-type': 'text/html;charset=utf-8', ...headers }).end(text)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  gateway.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  gateway.url = `${gateway.origin}/gateway.do`
  return gateway
}

export const responseKey = (method: string): string => `${method.replaceAll('.', '_')}_response`

/** An answer as Alipay writes it, signed with its key. */
export function answered(
  params: Params,
  fields: object | string,
  key: KeyObject = platform.privateKey,
): string {
  const value = typeof fields === 'string' ? fields : JSON.stringify(fields)
  return `{"${responseKey(params.method ?? '')}":${value},"sign":"${signWith(key, value)}"}`
}

export const done = (params: Params, fields: object = {}): string =>
  answered(params, { code: '10000', msg: 'Success', ...fields })

export const failed = (params: Params, subCode: string, code = '40004'): string =>
  answered(params, { code, msg: 'Business Failed', sub_code: subCode, sub_msg: `原因 ${subCode}` })

export const biz = (params: Params | undefined): Record<string, unknown> =>
  JSON.parse(params?.biz_content ?? '{}') as Record<string, unknown>
