import { type Fen, fen } from '../../shared/money.js'
import type { LocalPlatforms, OrderInfo, ProviderName } from '../emulator/platforms/index.js'

/** What differs between the places where Alice can pay. */
export interface Wallet {
  name: 'WeChat' | 'Alipay'
  /** Where she pays. */
  pay: 'WeChat Pay' | 'Alipay'
  /** What her phone says it runs on. */
  platform: 'mp-weixin' | 'mp-alipay'
  /** Whether the platform wants an access token with its open APIs. */
  hasTokens: boolean
  /** A fresh code, as the wallet gives it to a page. */
  login(platforms: LocalPlatforms, name: string): string
  openid(platforms: LocalPlatforms, name: string): string
  /** What stands in the signed order info; undefined when something is missing. */
  signed(orderInfo: OrderInfo): { text: string; facts: Record<string, unknown> } | undefined
  /** What of an order of that price is given back, one after the other. WeChat Pay wants a minute in between. */
  refunds(price: Fen): readonly Fen[]
}

const FIRST_REFUND = fen(500)

const weixin: Wallet = {
  name: 'WeChat',
  pay: 'WeChat Pay',
  platform: 'mp-weixin',
  hasTokens: true,
  login: (platforms, name) => platforms.login(name),
  openid: (platforms, name) => platforms.openid(name),
  signed(orderInfo) {
    const { package: prepay, signType } = typeof orderInfo === 'string' ? {} : orderInfo
    if (typeof prepay !== 'string') return undefined
    const text = `Her phone named the order and no price; what it got is signed with ${signType}.`
    return { text, facts: { package: prepay, signType } }
  },
  refunds: () => [FIRST_REFUND],
}

const alipay: Wallet = {
  name: 'Alipay',
  pay: 'Alipay',
  platform: 'mp-alipay',
  hasTokens: false,
  login: ({ alipay }, name) => alipay.login(name),
  openid: ({ alipay }, name) => alipay.openid(name),
  signed(orderInfo) {
    if (typeof orderInfo !== 'string') return undefined
    const text = `Her phone named the order and no price; it got trade ${orderInfo}, which a signed request made.`
    return { text, facts: { tradeNo: orderInfo } }
  },
  refunds: (price) => [FIRST_REFUND, fen(price - FIRST_REFUND)],
}

export const wallets: Readonly<Record<ProviderName, Wallet>> = {
  'weixin-v3': weixin,
  'weixin-v2': weixin,
  alipay,
}
