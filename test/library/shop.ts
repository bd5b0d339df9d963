import type { Test } from 'tap'
import { systemRandom } from '../../shared/clock.js'
import type { Weixin, WeixinOptions } from '../../shared/library/index.js'
import { type LocalPlatforms, startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import { type HandClock, handClock } from '../support/clock.js'
import { type Merchant, merchant } from '../support/network/merchant.js'
import { freshLibrary, inHost, type Library } from './built.js'

/** A merchant whose cloud functions require the library, and local platforms that play WeChat and WeChat Pay. */
export interface Shop {
  library: Library
  platforms: LocalPlatforms
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
  const platforms = await startLocalPlatforms({ clock })
  const partner = await merchant()
  t.teardown(async () => {
    await platforms.close()
    await partner.close()
  })
  return {
    library,
    platforms,
    clock,
    merchant: partner,
    openapi: (version, more) =>
      library.initWeixin({
        appId: platforms.app.appId,
        secret: platforms.app.secret,
        ...(version && { v2: v2Options, v3: v3Options }[version](platforms)),
        ...more,
      }),
    lastEvent: () => eventOf(partner),
  }
}

const v2Options = ({
  url,
  secureUrl,
  merchant: { mchId, key },
  files,
}: LocalPlatforms): Partial<WeixinOptions> => ({
  mchId,
  key,
  pfx: files.pfx(),
  endpoints: { weixinApi: url, weixinPay: secureUrl, weixinPayCa: files.authority },
})

const v3Options = ({
  url,
  merchant: { mchId, v3Key },
  files,
  ...platforms
}: LocalPlatforms): Partial<WeixinOptions> => {
  const [[publicKeyId, publicKey] = ['', '']] = Object.entries(platforms.platformKeys())
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
