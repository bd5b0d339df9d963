import { createRequire } from 'node:module'
import { join } from 'node:path'
import { HOST } from '../../../shared/runtime/host.js'
import { merchant as openMerchant } from '../../../test/support/network/merchant.js'
import { startLocalPlatforms } from '../../emulator/platforms/index.js'

/** One call of a function as uniCloud makes it. */
export interface Call {
  name: string
  event: object
  context: object
}

export type Env = Record<string, string>

/** The local WeChat and WeChat Pay, and calls that have not been made before: what came of one would change the next. */
export interface Scene {
  env: Env
  /** For the floor. */
  keys: { key: string; apiKey: string }
  /** The calls that are measured, for functions that lie in this `dist`, with the database at `uri`. */
  calls(dist: string, uri: string): Promise<Call[]>
  close(): Promise<void>
}

const server = { SOURCE: 'function' }
const client = { SOURCE: 'client', PLATFORM: 'mp-weixin', CLIENTIP: '203.0.113.7' }

export async function openScene(): Promise<Scene> {
  const platforms = await startLocalPlatforms({ provider: 'weixin-v3' })
  const merchant = await openMerchant()
  const env: Env = {
    ...platforms.settings('weixin-v3'),
    ...{ WEIXIN_APP_ID: platforms.app.appId, PAYMENT_PROVIDER: 'weixin-v3' },
    NOTIFY_BASE_URL: new URL(merchant.notifyUrl).origin,
  }
  let made = 0

  async function calls(dist: string, uri: string): Promise<Call[]> {
    const require = createRequire(import.meta.url)
    const call = async (name: string, event: object, context: object) => {
      const scope = globalThis as { [HOST]?: object }
      scope[HOST] = { env: { ...env, MONGODB_URI: uri }, log: () => undefined }
      const { main } = require(join(dist, 'functions', name, 'index.js'))
      const answer = (await main(event, context)) as Record<string, unknown>
      if (answer.errCode !== 0) throw new Error(`${name}: ${answer.errMsg}`)
      return answer
    }
    const login = await call('authCode2Session', { code: platforms.login('alice') }, client)
    const order = async () => {
      made += 1
      const outTradeNo = `B${String(made).padStart(10, '0')}`
      const described = { outTradeNo, totalFee: 1999, body: 'tea', openid: login.openid }
      await call('createOrder', described, server)
      return { outTradeNo, sessionToken: login.sessionToken }
    }
    const { orderInfo } = await call('getOrderInfo', await order(), client)
    const before = merchant.received.length
    await platforms.requestPayment(orderInfo as Record<string, string>)
    while (merchant.received.length === before) await new Promise((resolve) => setTimeout(resolve, 5))
    const path = `/verifyPaymentNotify/weixin-v3/${platforms.merchant.mchId}`
    const notice = { path, httpMethod: 'POST', ...merchant.received.at(-1) }
    return [
      { name: 'verifyPaymentNotify', event: notice, context: { SOURCE: 'http' } },
      { name: 'getOrderInfo', event: await order(), context: client },
      { name: 'wxacodeGet', event: { path: `pages/index/index?n=${made}` }, context: server },
      { name: 'tokenRefresh', event: {}, context: { SOURCE: 'timing' } },
    ]
  }

  const [key = ''] = Object.values(platforms.platformKeys())
  return {
    env,
    keys: { key, apiKey: env.WEIXIN_PAY_V3_KEY ?? '' },
    calls,
    async close() {
      await merchant.close()
      await platforms.close()
    },
  }
}
