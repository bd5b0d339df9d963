import type { Test } from 'tap'
import { systemRandom } from '../../shared/clock.js'
import type { Weixin, WeixinOptions } from '../../shared/library/index.js'
import { startTwin, type Twin } from '../../tools/emulator/platforms/index.js'
import { type HandClock, handClock } from '../support/clock.js'
import { type Merchant, merchant } from '../support/notified.js'
import { freshLibrary, inHost, type Library } from './built.js'

/** A merchant whose cloud functions require the library, and a twin that plays WeChat and WeChat Pay. */
export interface Shop {
  library: Library
  twin: Twin
  clock: HandClock
  merchant: Merchant
  /** The mini program's instance; `version` brings the merchant's settings for that WeChat Pay. */
  openapi(version?: 'v2' | 'v3', more?: Partial<WeixinOptions>): Weixin
  /** The last notice as uniCloud hands it to a URL-ified function. */
  lastEvent(): Record<string, unknown>
}

export async function openShop(t: Test, library: Library = freshLibrary()): Promise<Shop> {
  const clock = handClock()
  inHost(t, { clock, random: systemRandom })
  const twin = await startTwin({ clock })
  const partner = await merchant()
  t.teardown(async () => {
    await twin.close()
    await partner.close()
  })
  return {
    library,
    twin,
    clock,
    merchant: partner,
    openapi: (version, more) =>
      library.initWeixin({
        appId: twin.app.appId,
        secret: twin.app.secret,
        ...(version && { v2: v2Options, v3: v3Options }[version](twin)),
        ...more,
      }),
    lastEvent: () => eventOf(partner),
  }
}

const v2Options = ({ url, secureUrl, merchant: { mchId, key }, files }: Twin): Partial<WeixinOptions> => ({
  mchId,
  key,
  pfx: files.pfx(),
  endpoints: { weixinApi: url, weixinPay: secureUrl, weixinPayCa: files.authority },
})

const v3Options = ({ url, merchant: { mchId, v3Key }, files, ...twin }: Twin): Partial<WeixinOptions> => {
  const [[publicKeyId, publicKey] = ['', '']] = Object.entries(twin.platformKeys())
  return {
    ...{ mchId, v3Key, publicKeyId, publicKey },
    serialNo: files.serialNo,
    privateKey: files.key,
    endpoints: { weixinApi: url, weixinPay: url },
  }
}

function eventOf({ received }: Merchant): Record<string, unknown> {
  const { headers, body } = received.at(-1) ?? { headers: {}, body: '' }
  return {
    path: '/notice',
    httpMethod: 'POST',
    headers,
    queryStringParameters: {},
    isBase64Encoded: true,
    body: Buffer.from(body).toString('base64'),
  }
}
