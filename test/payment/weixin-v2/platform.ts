import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { systemRandom } from '../../../shared/clock.js'
import type { WeixinMerchant } from '../../../shared/config/weixinMerchant.js'
import { OpenapiError } from '../../../shared/errors/index.js'
import { http as wayOut } from '../../../shared/http/http.js'
import type { UpstreamCall } from '../../../shared/operation/index.js'
import type { PaymentProvider } from '../../../shared/payment/provider.js'
import { weixinV2 } from '../../../shared/payment/weixin-v2/index.js'
import { readFlatXml } from '../../../shared/xml/flatXml.js'
import { handClock } from '../../support/clock.js'
import { APP_ID, KEY, MCH_ID, OPEN_APP_ID } from '../house.js'
import type { Message } from './message.js'

/** A WeChat Pay that answers whatever the test wants, so that answers no real one gives are seen too. */
export interface Platform {
  provider: PaymentProvider
  received: ReadonlyMap<string, string>[]
  /** The paths that were asked for. */
  paths: string[]
  reply: { status: number; body: string | Buffer } | 'cut'
  upstream: UpstreamCall[]
}

export async function openPlatform(t: Test, changes: Partial<WeixinMerchant> = {}): Promise<Platform> {
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      platform.paths.push(request.url ?? '')
      platform.received.push(readFlatXml(Buffer.concat(parts).toString()))
      if (platform.reply === 'cut') request.socket.destroy()
      else response.writeHead(platform.reply.status).end(platform.reply.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const merchant: WeixinMerchant = {
    mchId: MCH_ID,
    apps: [
      { appId: APP_ID, kind: 'mp' },
      { appId: OPEN_APP_ID, kind: 'app' },
    ],
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: KEY,
    signType: 'MD5',
    ...changes,
  }
  const upstream: UpstreamCall[] = []
  const dependencies = {
    // Pauses before a repeat pass at once: nothing here depends on their length.
    ...{ http: wayOut, clock: { ...handClock(), sleep: async () => undefined } },
    ...{ random: systemRandom, timeLeft: () => 5000 },
    upstream: (call: UpstreamCall) => upstream.push(call),
  }
  const platform: Platform = {
    provider: weixinV2(merchant, dependencies),
    received: [],
    paths: [],
    reply: 'cut',
    upstream,
  }
  return platform
}

/** What every answer has around it. */
export const envelope = (changes: Message = {}): Message => ({
  return_code: 'SUCCESS',
  return_msg: 'OK',
  appid: APP_ID,
  mch_id: MCH_ID,
  nonce_str: 'n',
  result_code: 'SUCCESS',
  ...changes,
})

/** The failure of a piece of work, or NONE. */
export async function failureOf(
  work: Promise<unknown> | undefined,
): Promise<Pick<OpenapiError, 'errCode' | 'outcome' | 'advice' | 'errMsg'>> {
  try {
    return { errCode: 'NONE', outcome: 'failed', advice: 'retry', errMsg: JSON.stringify(await work) }
  } catch (error) {
    if (error instanceof OpenapiError) return error
    throw error
  }
}
