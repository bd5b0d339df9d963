import { BillFiles } from '../billFiles.js'
import { oneLine } from '../certificates/index.js'
import type { World } from '../contract.js'
import type {
  OrderInfo,
  Payment,
  PaymentPlatform,
  PayOptions,
  RefundOutcome,
  SettledRefund,
} from '../payment.js'
import { type AlipayAccount, type AlipayOptions, localAccount, usualTerms } from './account.js'
import { alipayApi, noSuchMethod } from './api.js'
import { billDownload, billDownloadUrl } from './bills/bills.js'
import type { AlipayWorld, Entry } from './entry.js'
import { type AlipayConsole, AlipayKeys } from './keys/keys.js'
import {
  certDownload,
  oauthToken,
  type PhoneNumber,
  phoneNumber,
  qrcodeCreate,
  qrcodePicture,
  templateMessage,
} from './openApis.js'
import { noticeTargets, tradeNotice } from './trades/notices.js'
import { tradeCancel, tradeClose, tradeCreate, tradeQuery } from './trades/orders.js'
import { refundQuery, tradeRefund } from './trades/refunds.js'
import { openedTrade, settle } from './trades/requestPayment.js'
import { tradeView } from './trades/trade.js'
import { Refunds, refundView, type Tell, Trades } from './trades/trades.js'
import { AlipayUsers, Logins } from './users.js'

export type { AlipayOptions } from './account.js'

/** Every method the local Alipay has. A new one is a row more. */
const entries: readonly Entry[] = [
  ...[oauthToken, tradeCreate, tradeQuery, tradeClose, tradeCancel, tradeRefund, refundQuery],
  ...[billDownloadUrl, certDownload, qrcodeCreate, templateMessage],
]

const BILL_LIFE_MS = 30_000

/** What can be seen and done of Alipay in this process. */
export interface AlipayHere {
  readonly account: AlipayAccount
  /** Keys and certificates as the console hands them out. */
  readonly console: AlipayConsole
  /** The id of that user that the application is told: an open_id or a user_id. */
  openid(name: string): string
  /** A fresh code for one login of that user, as `my.getAuthCode` gives it. */
  login(name: string): string
  /** What `my.getPhoneNumber` gives, signed and sealed. */
  phoneNumber(name: string): PhoneNumber
  /** The payer looks at the order and does not pay yet; from then on an app's order is there. */
  openCashier(orderInfo: OrderInfo): { tradeNo: string }
  /** A new certificate signs from now on. Answers its number. */
  rotateCertificate(): string
}

export interface Alipay extends PaymentPlatform {
  readonly here: AlipayHere
  /** Ends a refund now; undefined when there is none of that number. */
  settleRefund(outRefundNo: string, outcome: RefundOutcome): Promise<SettledRefund> | undefined
}

/** The local openapi.alipay.com for one application, which is a mini program and an app at once. */
export function alipay(base: World, options: AlipayOptions = {}): Alipay {
  const world = worldOf(base, options)
  const { account, keys, users, logins, trades, refunds, terms, clock } = world
  const payment = (order: ReturnType<typeof openedTrade>, who: PayOptions): Promise<Payment> | undefined =>
    order && settle(order, who, world)
  return {
    name: 'alipay',
    provider: 'alipay',
    apis: [
      ...entries.map((entry) => alipayApi(entry, world)),
      noSuchMethod(world),
      billDownload(world),
      qrcodePicture,
    ],
    targets: noticeTargets,
    settings: ({ url }) => ({
      ALIPAY_APP_ID: account.appId,
      ALIPAY_PRIVATE_KEY: keys.privateKey,
      ...verificationSettings(world),
      ALIPAY_SELLER_ID: account.sellerId,
      ALIPAY_AES_KEY: account.aesKey,
      ...(terms.signType === 'RSA2' ? {} : { ALIPAY_SIGN_TYPE: terms.signType }),
      ALIPAY_GATEWAY_URL: `${url}/gateway.do`,
    }),
    state: () => ({
      people: users.list().map((user) => ({ name: user.name, openid: users.idOf(user) })),
      orders: trades.list().map((trade) => tradeView(trade, clock.now(), terms)),
      refunds: refunds.list().map(refundView),
    }),
    pay: (number, who) => payment(trades.byTradeNo(number) ?? trades.byOutTradeNo(number), who),
    requestPayment: (orderInfo, who) => payment(openedTrade(orderInfo, world), who),
    settleRefund(outRefundNo, outcome) {
      const refund = refunds.byOutRequestNo(outRefundNo)
      return refund && refunds.settle(refund, outcome)
    },
    here: {
      account,
      console: keys,
      openid: (name) => users.idOf(users.named(name)),
      login: (name) => logins.codeFor(name),
      phoneNumber: (name) => phoneNumber(users.named(name), world),
      openCashier(orderInfo) {
        const trade = openedTrade(orderInfo, world)
        if (!trade) throw new Error('no such order here')
        return { tradeNo: trade.tradeNo }
      },
      rotateCertificate: () => keys.rotate(),
    },
  }
}

function worldOf(base: World, { account: own, ...agreed }: AlipayOptions): AlipayWorld {
  const { clock, random, deliveries } = base
  const account = { ...localAccount, ...own }
  const terms = { ...usualTerms, ...agreed }
  const users = new AlipayUsers(account, terms)
  const keys = new AlipayKeys(account, terms)
  const tell: Tell = (trade, occasion = {}) =>
    deliveries.send(tradeNotice(trade, occasion, { clock, random, account, terms, keys, users }))
  return {
    ...base,
    ...{ account, terms, users, keys },
    logins: new Logins(users, clock, random),
    trades: new Trades(base, tell),
    refunds: new Refunds(base, tell),
    billFiles: new BillFiles(clock, random, BILL_LIFE_MS),
  }
}

function verificationSettings({ keys, terms }: AlipayWorld): Record<string, string> {
  if (terms.verification === 'keys') return { ALIPAY_PUBLIC_KEY: keys.alipayPublicKey }
  return {
    ALIPAY_APP_CERT: oneLine(keys.appCert),
    ALIPAY_PUBLIC_CERT: oneLine(keys.alipayCert),
    ALIPAY_ROOT_CERT: oneLine(keys.rootCert),
  }
}
