import { BillFiles } from '../billFiles.js'
import { oneLine } from '../certificates/index.js'
import type { PlatformContext } from '../contract.js'
import type {
  FinishedRefund,
  OrderInfo,
  Payment,
  PaymentPlatform,
  PayOptions,
  RefundOutcome,
} from '../payment.js'
import { type AlipayAccount, type AlipayOptions, localAccount, usualAgreement } from './account.js'
import { alipayApi, noSuchMethod } from './api.js'
import { billDownload, billDownloadUrl } from './bills/bills.js'
import type { AlipayContext, Entry } from './entry.js'
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
import { openedTrade, payTrade } from './trades/requestPayment.js'
import { tradeView } from './trades/trade.js'
import { type Notify, Refunds, refundView, Trades } from './trades/trades.js'
import { AlipayUsers, Logins } from './users.js'

export type { AlipayOptions } from './account.js'

/** Every method the local Alipay has. A new one is a row more. */
const entries: readonly Entry[] = [
  ...[oauthToken, tradeCreate, tradeQuery, tradeClose, tradeCancel, tradeRefund, refundQuery],
  ...[billDownloadUrl, certDownload, qrcodeCreate, templateMessage],
]

const BILL_LIFE_MS = 30_000

/** What can be seen and done of Alipay in this process. */
export interface AlipayControls {
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
  readonly here: AlipayControls
  /** Ends a refund now; undefined when there is none of that number. */
  finishRefund(outRefundNo: string, outcome: RefundOutcome): Promise<FinishedRefund> | undefined
}

/** The local openapi.alipay.com for one application, which is a mini program and an app at once. */
export function alipay(base: PlatformContext, options: AlipayOptions = {}): Alipay {
  const context = contextOf(base, options)
  const { account, keys, users, logins, trades, refunds, agreement, clock } = context
  const payment = (order: ReturnType<typeof openedTrade>, who: PayOptions): Promise<Payment> | undefined =>
    order && payTrade(order, who, context)
  return {
    name: 'alipay',
    provider: 'alipay',
    apis: [
      ...entries.map((entry) => alipayApi(entry, context)),
      noSuchMethod(context),
      billDownload(context),
      qrcodePicture(context),
    ],
    targets: noticeTargets,
    settings: ({ url }) => ({
      ALIPAY_APP_ID: account.appId,
      ALIPAY_PRIVATE_KEY: keys.privateKey,
      ...verificationSettings(context),
      ALIPAY_SELLER_ID: account.sellerId,
      ALIPAY_AES_KEY: account.aesKey,
      ...(agreement.signType === 'RSA2' ? {} : { ALIPAY_SIGN_TYPE: agreement.signType }),
      ALIPAY_GATEWAY_URL: `${url}/gateway.do`,
    }),
    state: () => ({
      people: users.list().map((user) => ({ name: user.name, openid: users.idOf(user) })),
      orders: trades.list().map((trade) => tradeView(trade, clock.now(), agreement)),
      refunds: refunds.list().map(refundView),
    }),
    pay: (number, who) => payment(trades.byTradeNo(number) ?? trades.byOutTradeNo(number), who),
    requestPayment: (orderInfo, who) => payment(openedTrade(orderInfo, context), who),
    finishRefund(outRefundNo, outcome) {
      const refund = refunds.byOutRequestNo(outRefundNo)
      return refund && refunds.finish(refund, outcome)
    },
    here: {
      account,
      console: keys,
      openid: (name) => users.idOf(users.named(name)),
      login: (name) => logins.codeFor(name),
      phoneNumber: (name) => phoneNumber(users.named(name), context),
      openCashier(orderInfo) {
        const trade = openedTrade(orderInfo, context)
        if (!trade) throw new Error('no such order here')
        return { tradeNo: trade.tradeNo }
      },
      rotateCertificate: () => keys.rotate(),
    },
  }
}

function contextOf(base: PlatformContext, { account: own, ...agreed }: AlipayOptions): AlipayContext {
  const { clock, random, deliveries } = base
  const account = { ...localAccount, ...own }
  const agreement = { ...usualAgreement, ...agreed }
  const users = new AlipayUsers(account, agreement)
  const keys = new AlipayKeys(account, agreement)
  const notify: Notify = (trade, occasion = {}) =>
    deliveries.send(tradeNotice(trade, occasion, { clock, random, account, agreement, keys, users }))
  return {
    ...base,
    ...{ account, agreement, users, keys },
    logins: new Logins(users, clock, random),
    trades: new Trades(base, notify),
    refunds: new Refunds(base, notify),
    billFiles: new BillFiles(clock, random, BILL_LIFE_MS),
    qrcodes: new Map(),
  }
}

function verificationSettings({ keys, agreement }: AlipayContext): Record<string, string> {
  if (agreement.verification === 'keys') return { ALIPAY_PUBLIC_KEY: keys.alipayPublicKey }
  return {
    ALIPAY_APP_CERT: oneLine(keys.appCert),
    ALIPAY_PUBLIC_CERT: oneLine(keys.alipayCert),
    ALIPAY_ROOT_CERT: oneLine(keys.rootCert),
  }
}
