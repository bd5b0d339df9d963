import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { Aes, Formatter, Rsa } from 'wechatpay-axios-plugin'
import { type Clock, type Random, systemRandom } from '../../../shared/clock.js'
import type { WeixinMerchant } from '../../../shared/config/weixinMerchant.js'
import { OpenapiError } from '../../../shared/errors/index.js'
import { http as wayOut } from '../../../shared/http/http.js'
import type { UpstreamCall } from '../../../shared/operation/index.js'
import type { ProviderDependencies } from '../../../shared/payment/provider.js'
import { keyPair, type PlatformCertificate } from './keys.js'

/** A WeChat Pay V3 of the tests' own, over real sockets, whose signatures and ciphers come from another's library. */

export const NOW = Date.UTC(2026, 0, 31, 4, 0, 0)
export const APP_ID = 'wx0123456789abcdef'
export const OPEN_APP_ID = 'wxfedcba9876543210'
export const MCH_ID = '1900007291'
export const API_KEY = '5YI2YwEdV56hCsNEoOGEeL17vRFcz3i6'
export const MCH_SERIAL = '3775B6A45ACD588826D15E583A95F5DD00000001'
export const PUBLIC_KEY_ID = 'PUB_KEY_ID_0114232134912410000000000000'

export const merchantKeys = keyPair()
export const platformKeys = keyPair()

/** What signs: a serial and the key behind it. */
export interface Signer {
  serial: string
  privatePem: string
}

export const publicKeySigner: Signer = { serial: PUBLIC_KEY_ID, privatePem: platformKeys.privatePem }

export interface Asked {
  method: string
  /** Path and query as they came. */
  target: string
  headers: http.IncomingHttpHeaders
  body: string
}

export interface Reply {
  status: number
  headers?: Record<string, string>
  body: string | Buffer
  /** Signed unless this says no. */
  signed?: boolean
}

export interface Platform {
  baseUrl: string
  asked: Asked[]
  signer: Signer
  clock: Clock
  answer: (asked: Asked) => Reply | 'hang up'
  /** Changes a finished answer on its way. */
  onTheWay: (reply: Required<Omit<Reply, 'signed'>>) => Required<Omit<Reply, 'signed'>>
}

export const json = (status: number, value: unknown): Reply => ({ status, body: JSON.stringify(value) })

/** The headers that vouch for `body`, made by wechatpay-axios-plugin. `at` in milliseconds. */
export function vouch(
  { serial, privatePem }: Signer,
  body: string,
  at: number,
  nonce = Formatter.nonce(),
): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000))
  return {
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-serial': serial,
    'wechatpay-signature-type': 'WECHATPAY2-SHA256-RSA2048',
    'wechatpay-signature': Rsa.sign(Formatter.response(timestamp, nonce, body), Buffer.from(privatePem)),
  }
}

const AUTHORIZATION =
  /^WECHATPAY2-SHA256-RSA2048 mchid="(\d+)",nonce_str="(\w+)",signature="([^"]+)",timestamp="(\d+)",serial_no="(\w+)"$/

/** The complaint a real platform would have about a request's signature, or nothing. */
function complaint({ headers, method, target, body }: Asked, now: number): string | undefined {
  const [, mchid, nonce, signature, timestamp, serial] =
    AUTHORIZATION.exec(reordered(headers.authorization ?? '')) ?? []
  if (!nonce || !timestamp || !signature) return 'no readable Authorization'
  if (mchid !== MCH_ID || serial !== MCH_SERIAL) return 'another merchant'
  if (Math.abs(now - Number(timestamp) * 1000) >= 300_000) return 'timestamp'
  const text = Formatter.request(method, target, timestamp, nonce, body)
  return Rsa.verify(text, signature, Buffer.from(merchantKeys.publicPem)) ? undefined : 'signature'
}

/** The order of the five parts is free; judges write another one than we do. */
function reordered(header: string): string {
  const parts = new Map([...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))
  const wanted = ['mchid', 'nonce_str', 'signature', 'timestamp', 'serial_no']
  return `${header.split(' ')[0]} ${wanted.map((name) => `${name}="${parts.get(name) ?? ''}"`).join(',')}`
}

export async function openPlatform(t: Test, clock: Clock): Promise<Platform> {
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8')
      const { method = '', url: target = '', headers } = request
      const asked = { method, target, headers, body }
      platform.asked.push(asked)
      const wrong = complaint(asked, platform.clock.now())
      const reply = wrong ? json(401, { code: 'SIGN_ERROR', message: wrong }) : platform.answer(asked)
      if (reply === 'hang up') return void request.socket.destroy()
      const seal =
        reply.signed === false ? {} : vouch(platform.signer, String(reply.body), platform.clock.now())
      const about = { 'content-type': 'application/json', 'request-id': '08F78BB5AF0610D302' }
      const sent = platform.onTheWay({ ...reply, headers: { ...about, ...seal, ...reply.headers } })
      response.writeHead(sent.status, sent.headers).end(sent.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const platform: Platform = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    signer: publicKeySigner,
    clock,
    answer: () => json(404, { code: 'RESOURCE_NOT_EXISTS', message: 'nothing here' }),
    onTheWay: (reply) => reply,
  }
  return platform
}

/** The text an answer of /v3/certificates has. */
export function certificatesBody(certificates: readonly PlatformCertificate[], apiKey = API_KEY): string {
  const data = certificates.map(({ serial, pem, notBefore, notAfter }) => {
    const nonce = Formatter.nonce(12)
    return {
      serial_no: serial,
      effective_time: new Date(notBefore).toISOString(),
      expire_time: new Date(notAfter).toISOString(),
      encrypt_certificate: {
        algorithm: 'AEAD_AES_256_GCM',
        nonce,
        associated_data: 'certificate',
        ciphertext: Aes.AesGcm.encrypt(pem, apiKey, nonce, 'certificate'),
      },
    }
  })
  return JSON.stringify({ data })
}

export function merchantAt(baseUrl: string, publicKey = true): WeixinMerchant {
  return {
    mchId: MCH_ID,
    baseUrl,
    signType: 'MD5',
    apps: [
      { appId: APP_ID, kind: 'mp' },
      { appId: OPEN_APP_ID, kind: 'app' },
    ],
    v3: {
      key: API_KEY,
      serialNo: MCH_SERIAL,
      privateKey: merchantKeys.privatePem,
      publicKeys: publicKey ? [{ id: PUBLIC_KEY_ID, key: platformKeys.publicPem }] : [],
    },
  }
}

export interface TestDependencies extends ProviderDependencies {
  clock: TestClock
  calls: UpstreamCall[]
}

export interface TestClock extends Clock {
  at: number
  slept: number[]
}

/** A clock that moves when somebody sleeps, and when the test says so. */
export function testClock(at = NOW): TestClock {
  const clock: TestClock = {
    at,
    slept: [],
    now: () => clock.at,
    async sleep(ms) {
      clock.slept.push(ms)
      clock.at += ms
    },
  }
  return clock
}

export function testDependencies(clock = testClock(), random: Random = systemRandom): TestDependencies {
  const calls: UpstreamCall[] = []
  return { http: wayOut, clock, random, timeLeft: () => 20_000, upstream: (call) => calls.push(call), calls }
}

/** The error a piece of work ends with. */
export async function failure(work: Promise<unknown> | undefined): Promise<OpenapiError> {
  try {
    await work
  } catch (error) {
    if (error instanceof OpenapiError) return error
    throw error
  }
  throw new Error('it should have failed')
}
