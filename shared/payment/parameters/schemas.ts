import * as v from 'valibot'
import { DAY_MS } from '../../clock.js'
import { fen, fenToYuan } from '../../money.js'
import { choice, integer, list, map, object, optional, text } from '../../operation/fields.js'
import * as fields from '../fields.js'
import { isSendable } from './extra.js'
import { expressEnd } from './orderParameters.js'
import { anySpelling, objectOrText } from './spelling.js'

/** How the parameters of `types.ts` are written by callers. */

const ownText = (max: number, like: string) => text({ max, pattern: fields.WRITABLE, like })

/** V2 writes Y and N where V3 has booleans. */
const yesOrNo = (like: string) =>
  v.pipe(
    v.union([v.boolean(), v.picklist(['Y', 'N'])], `expected true or false, or Y or N: ${like}`),
    v.metadata({ like }),
    v.transform((value) => value === true || value === 'Y'),
  )

const quantity = integer(1, 1_000_000, 'how many')

const detail = objectOrText(
  anySpelling(
    object({
      costPrice: optional(fields.totalFee),
      receiptId: optional(ownText(32, 'the number of the receipt')),
      goodsDetail: list(
        object({
          goodsId: ownText(32, 'your own number of the goods, at most 32 characters'),
          wxpayGoodsId: optional(ownText(32, "WeChat Pay's number of the goods")),
          goodsName: optional(ownText(256, 'the name of the goods')),
          quantity,
          price: fields.totalFee,
        }),
        1,
        100,
      ),
    }),
    'weixin',
  ),
  {
    max: 6000,
    pattern: fields.WRITABLE,
    like: 'the goods, prices in fen: { goodsDetail: [{ goodsId, goodsName, quantity, price }] }, or the JSON text that V2 takes; WeChat Pay',
  },
  'plain',
)

const sceneInfo = objectOrText(
  anySpelling(
    object({
      payerClientIp: optional(fields.payerIp),
      deviceId: optional(ownText(32, 'the device')),
      storeInfo: optional(
        object({
          id: ownText(32, 'the number of the shop'),
          name: optional(ownText(256, 'the name of the shop')),
          areaCode: optional(ownText(32, 'the code of its area, such as 440305')),
          address: optional(ownText(512, 'its address')),
        }),
      ),
      h5Info: optional(
        object({
          type: optional(ownText(32, 'Wap, iOS or Android')),
          wapUrl: optional(ownText(128, 'the address of the site')),
          wapName: optional(ownText(64, 'the name of the site')),
          appName: optional(ownText(64, 'the name of the app')),
          appUrl: optional(ownText(128, 'the address of the site')),
          bundleId: optional(ownText(128, 'of an iOS app')),
          packageName: optional(ownText(128, 'of an Android app')),
        }),
      ),
    }),
  ),
  {
    max: 2000,
    pattern: fields.WRITABLE,
    like: 'where it is sold: { storeInfo: { id, name, areaCode, address } }, or the JSON text of it; WeChat Pay',
  },
)

const limits = ['no_credit', 'no_debit', 'no_balance', 'balance_only'] as const
const LIMIT_LIKE =
  'how nobody may pay: no_credit, with V3 also a list of no_credit, no_debit, no_balance, balance_only; WeChat Pay'

const limitPay = v.pipe(
  v.union([v.picklist(limits), v.array(v.picklist(limits))], `expected ${LIMIT_LIKE}`),
  v.metadata({ like: LIMIT_LIKE }),
  v.transform((value) => (Array.isArray(value) ? value : [value])),
  v.check(({ length }) => length > 0, `expected ${LIMIT_LIKE}`),
)

const EXPRESS_LIKE =
  'after how long an unpaid order dies: 1m to 15d in m, h or d, or 1c for the end of the day; Alipay'

const timeoutExpress = v.pipe(
  text({ pattern: /^(?:[1-9]\d{0,4}[mhd]|1c)$/, like: EXPRESS_LIKE }),
  v.check((value) => expressEnd(value, 0) <= 15 * DAY_MS, `expected ${EXPRESS_LIKE}`),
)

const EXTEND_LIKE = 'instalments, service providers and the like, texts by name; Alipay'

const extendText = (like: string) =>
  v.pipe(
    v.union([v.string(), v.number()], `expected ${like}`),
    v.metadata({ like }),
    v.transform(String),
    ownText(512, like),
  )

/** In the names of Alipay's model, to which new ones come every year: they are passed on. */
const extendParams = v.pipe(
  anySpelling(
    v.objectWithRest(
      {
        sysServiceProviderId: optional(extendText('the id of the service provider, 2088...')),
        hbFqNum: optional(extendText('how many instalments: 3, 6 or 12')),
        hbFqSellerPercent: optional(extendText('who pays their fee: 0 the payer, 100 the seller')),
        royaltyFreeze: optional(extendText('true freezes the money until it is shared')),
        cardType: optional(extendText('the kind of card')),
        industryRefluxInfo: optional(extendText("data of one's trade, JSON text")),
        specifiedSellerName: optional(extendText("the seller's name in the bill")),
      },
      extendText('a text of at most 512 characters'),
      `expected ${EXTEND_LIKE}`,
    ),
  ),
  v.metadata({ like: EXTEND_LIKE }),
)

const PRICE_LIKE = "a whole number of fen, or yuan as a text such as '19.99'"

/** Yuan on the wire. uni-pay sent what it was given, so its programs have yuan here: as a text they may stay. */
const price = v.pipe(
  v.union([v.number(), v.string()], `expected ${PRICE_LIKE}`),
  v.metadata({ like: PRICE_LIKE }),
  v.check(
    (value) =>
      typeof value === 'number'
        ? Number.isSafeInteger(value) && value >= 0
        : /^\d{1,9}(\.\d{1,2})?$/.test(value),
    `expected ${PRICE_LIKE}`,
  ),
  v.transform((value) => (typeof value === 'number' ? fenToYuan(fen(value, 'price')) : value)),
)

const goodsDetail = v.pipe(
  list(
    anySpelling(
      object({
        goodsId: ownText(64, 'your own number of the goods, at most 64 characters'),
        goodsName: ownText(256, 'the name of the goods'),
        quantity,
        price,
        alipayGoodsId: optional(ownText(64, "Alipay's number of the goods")),
        goodsCategory: optional(ownText(24, 'the category of the goods')),
        categoriesTree: optional(ownText(128, 'the path of categories, such as 124868003|126232002')),
        body: optional(ownText(1000, 'what the goods are')),
        showUrl: optional(ownText(400, 'where the goods are shown')),
        goodsEanId: optional(ownText(64, 'the bar code')),
        outItemId: optional(ownText(64, 'your own number of the item')),
        outSkuId: optional(ownText(64, 'your own number of the variant')),
      }),
    ),
    1,
    100,
  ),
  v.metadata({ like: 'the goods; Alipay' }),
)

export const queryOptions = v.pipe(
  list(text({ max: 64, pattern: /^\w+$/, like: 'the name of a field' }), 1, 20),
  v.metadata({ like: 'which further fields to answer, by its own names; Alipay' }),
)

export const storeId = ownText(32, 'your own number of the shop, at most 32 characters; Alipay')

const EXTRA_LIKE = "further fields of the request in the provider's own names, sent as they are"

export const extra = v.pipe(
  map<unknown>(EXTRA_LIKE),
  v.check(isSendable, `expected ${EXTRA_LIKE}: at most 8192 characters of JSON`),
  v.metadata({ like: EXTRA_LIKE }),
)

/** V2's two words, and V3's for the second. */
const refundAccounts = ['REFUND_SOURCE_UNSETTLED_FUNDS', 'REFUND_SOURCE_RECHARGE_FUNDS', 'AVAILABLE'] as const

/** What of an order's goods is given back. */
const refundGoods = list(
  object({
    goodsId: ownText(64, 'your own number of the goods, at most 64 characters'),
    wxpayGoodsId: optional(ownText(32, "WeChat Pay's number of the goods")),
    goodsName: optional(ownText(256, 'the name of the goods')),
    price: fields.totalFee,
    refundAmount: fields.refundFee,
    refundQuantity: quantity,
  }),
  1,
  100,
)

/** What a refund may bring along likewise. */
export const refundFields = {
  refundAccount: optional(choice(refundAccounts)),
  goodsDetail: optional(refundGoods),
  storeId: optional(storeId),
  queryOptions: optional(queryOptions),
  extra: optional(extra),
}

/** What describes an order beside its number, amount and payer: one set for every door. */
export const orderFields = {
  body: optional(fields.body),
  subject: optional(fields.body),
  attach: optional(fields.attach),
  notifyUrl: optional(fields.notifyUrl),
  feeType: optional(fields.feeType),
  spbillCreateIp: optional(fields.payerIp),
  timeExpire: optional(fields.moment('when an unpaid order dies, yyyyMMddHHmmss in Beijing')),
  tradeType: optional(fields.tradeType),
  profitSharing: optional(yesOrNo('true freezes the money until it is shared; WeChat Pay')),
  limitPay: optional(limitPay),
  goodsTag: optional(ownText(32, 'the tag of a coupon, at most 32 characters; WeChat Pay')),
  deviceInfo: optional(ownText(32, 'the shop or device, at most 32 characters; WeChat Pay')),
  receipt: optional(yesOrNo('true offers an invoice; WeChat Pay')),
  detail: optional(detail),
  sceneInfo: optional(sceneInfo),
  productId: optional(ownText(32, 'the number of the product, at most 32 characters; WeChat Pay V2')),
  timeStart: optional(fields.moment('when the order began, yyyyMMddHHmmss in Beijing; WeChat Pay V2')),
  timeoutExpress: optional(timeoutExpress),
  passbackParams: optional(ownText(512, 'what attach is elsewhere, percent-encoded or not; Alipay')),
  extendParams: optional(extendParams),
  goodsDetail: optional(goodsDetail),
  storeId: optional(storeId),
  queryOptions: optional(queryOptions),
  extra: optional(extra),
}
