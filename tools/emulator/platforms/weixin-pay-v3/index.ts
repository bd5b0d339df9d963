import { BillFiles } from '../billFiles.js'
import { oneLine } from '../certificates/index.js'
import type { PaymentPlatform, PayOptions } from '../payment.js'
import { ledgerState, type Order, type PayBase, platformOf, settle } from '../weixin-pay/index.js'
import { v3Api } from './api.js'
import { bills } from './bills.js'
import { certificates } from './certificates.js'
import type { Entry, V3World } from './entry.js'
import { PlatformKeys, type Verification } from './keys.js'
import { Nonces } from './nonces.js'
import { noticeTargets, paymentNotice } from './notice.js'
import { v3OrderOnPhone } from './phone.js'
import { queries } from './query.js'
import { refunds } from './refunds.js'
import { transactions } from './transactions.js'

export type { Verification } from './keys.js'

const entries: readonly Entry[] = [...transactions, ...queries, ...refunds, ...bills, certificates]

const BILL_LIFE_MS = 5 * 60 * 1000

export interface WeixinPayV3 extends PaymentPlatform {
  readonly keys: PlatformKeys
}

/** The local api.mch.weixin.qq.com, version 3, for one merchant. */
export function weixinPayV3(base: PayBase, verification: Verification): WeixinPayV3 {
  const { ledger, merchant, files, clock, random } = base
  const keys = new PlatformKeys(verification, clock, merchant.mchId)
  const world: V3World = {
    ...base,
    keys,
    nonces: new Nonces(),
    billFiles: new BillFiles(clock, random, BILL_LIFE_MS),
  }
  const paid = (order: Order | undefined, options: PayOptions) =>
    order?.terms.via === 'v3'
      ? settle(order, options, world, (settled) => paymentNotice(settled, world))
      : undefined
  return {
    name: platformOf('v3'),
    provider: 'weixin-v3',
    keys,
    apis: entries.map((entry) => v3Api(entry, world)),
    targets: noticeTargets,
    settings: ({ url }) => ({
      WEIXIN_MCH_ID: merchant.mchId,
      WEIXIN_PAY_V3_KEY: merchant.v3Key,
      WEIXIN_PAY_SERIAL_NO: files.serialNo,
      WEIXIN_PAY_PRIVATE_KEY: oneLine(files.key),
      ...publicKeySettings(keys),
      WEIXIN_PAY_BASE_URL: url,
    }),
    state: () => ({
      ...ledgerState(ledger, 'v3', clock.now()),
      certificates: keys.certificates().map(({ serialNo }) => serialNo),
    }),
    pay: (number, options) =>
      paid(ledger.orders.byPrepayId(number) ?? ledger.orders.byOutTradeNo(number), options),
    requestPayment: (orderInfo, options) => paid(v3OrderOnPhone(orderInfo, world), options),
  }
}

function publicKeySettings({ publicKey, publicKeyId }: PlatformKeys): Record<string, string> {
  if (publicKey === undefined) return {}
  return { WEIXIN_PAY_PUBLIC_KEY_ID: publicKeyId, WEIXIN_PAY_PUBLIC_KEY: oneLine(publicKey) }
}
