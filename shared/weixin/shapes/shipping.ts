import * as v from 'valibot'
import { choice, flag, list, object, optional, optionalText, text } from '../../operation/fields.js'
import { type Rule, requiredWhen, ruled, someGroupOf } from '../../operation/rules.js'
import { merchantNumber, paymentNumber, tradeNumber } from './inputs.js'
import { maybeNumbers, maybeTexts, numbers, texts } from './records.js'

/** How a merchant tells WeChat what was shipped: the fields of both upload APIs and the rules between them. */

const byMerchant = 1
const byPayment = 2

const idsOfOrder = object({
  orderNumberType: choice([byMerchant, byPayment], '1 by mchid and outTradeNo, 2 by transactionId'),
  transactionId: optionalText(paymentNumber),
  mchid: optionalText(merchantNumber),
  outTradeNo: optionalText(tradeNumber),
})

type OrderKey = v.InferOutput<typeof idsOfOrder>

const ofMerchant = ({ orderNumberType }: OrderKey): boolean => orderNumberType === byMerchant

export const orderKey = ruled(
  idsOfOrder,
  requiredWhen<OrderKey>('transactionId', (key) => !ofMerchant(key), 'by orderNumberType 2'),
  requiredWhen<OrderKey>('mchid', ofMerchant, 'by orderNumberType 1'),
  requiredWhen<OrderKey>('outTradeNo', ofMerchant, 'by orderNumberType 1'),
)

const contactText = { max: 1024, like: 'a phone number of which only the last four digits are clear' }

const contact = ruled(
  object({ consignorContact: optionalText(contactText), receiverContact: optionalText(contactText) }),
  ({ consignorContact, receiverContact }) =>
    consignorContact === undefined && receiverContact === undefined
      ? ['receiverContact', 'expected consignorContact or receiverContact']
      : undefined,
)

const parcel = object({
  trackingNo: optionalText({ max: 128, unit: 'bytes', like: 'a tracking number of at most 128 bytes' }),
  expressCompany: optionalText({ max: 128, unit: 'bytes', like: 'the id of a delivery company, such as SF' }),
  itemDesc: text({ max: 120, like: 'what is in the parcel, at most 120 characters' }),
  contact: optional(contact),
})

/** Current pages allow 15 parcels, the older documents 10. */
const MOST_PARCELS = 15

export const shipment = {
  logisticsType: choice([1, 2, 3, 4], '1 express, 2 within the city, 3 nothing to carry, 4 picked up'),
  deliveryMode: choice([1, 2], '1 in one parcel, 2 split'),
  isAllDelivered: optional(flag('the last parcel of a split order')),
  shippingList: list(parcel, 1, MOST_PARCELS),
}

interface Shipment {
  logisticsType: 1 | 2 | 3 | 4
  deliveryMode: 1 | 2
  isAllDelivered?: boolean | undefined
  shippingList: v.InferOutput<typeof parcel>[]
}

const BY_EXPRESS = 1
const IN_ONE = 1

const expressField = ({ trackingNo, expressCompany, contact }: Shipment['shippingList'][number]) => {
  if (trackingNo === undefined) return 'trackingNo'
  if (expressCompany === undefined) return 'expressCompany'
  return expressCompany === 'SF' && contact === undefined ? 'contact' : undefined
}

export const shipmentRules: readonly Rule<Shipment>[] = [
  ({ deliveryMode, shippingList }) =>
    deliveryMode === IN_ONE && shippingList.length !== 1
      ? ['shippingList', 'expected exactly one parcel in deliveryMode 1']
      : undefined,
  ({ deliveryMode, logisticsType }) =>
    deliveryMode !== IN_ONE && logisticsType !== BY_EXPRESS
      ? ['logisticsType', 'expected 1: only what travels by express may be split']
      : undefined,
  requiredWhen<Shipment>(
    'isAllDelivered',
    ({ deliveryMode }) => deliveryMode !== IN_ONE,
    'in deliveryMode 2: whether this was the last parcel',
  ),
  ({ logisticsType, shippingList }) => {
    if (logisticsType !== BY_EXPRESS) return undefined
    const at = shippingList.findIndex((each) => expressField(each) !== undefined)
    const wanted = shippingList[at] && expressField(shippingList[at])
    return wanted && [`shippingList.${at}.${wanted}`, 'required for what travels by express (contact: by SF)']
  },
]

/** WeChat orders the calls by this time, so a correction needs a later one. */
export const uploadTime = text({
  pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/,
  like: 'a time of RFC 3339, such as 2026-01-31T13:29:35.120+08:00',
})

export const payer = object({
  openid: text({ max: 128, unit: 'bytes', like: 'the openid of who paid' }),
})

/** How the shipping APIs ask for an order, and what they answer. */

/** The merchant's fields have other names here than in the uploads. */
export const whichOrder = {
  transactionId: optionalText(paymentNumber),
  merchantId: optionalText(merchantNumber),
  subMerchantId: optionalText(merchantNumber),
  merchantTradeNo: optionalText(tradeNumber),
}

interface WhichOrder {
  transactionId?: unknown
  merchantId?: unknown
  merchantTradeNo?: unknown
}

/** WeChat takes both together as well. */
export const eitherNumber = someGroupOf<WhichOrder>(['transactionId'], ['merchantId', 'merchantTradeNo'])

const sentParcel = v.object({
  ...maybeTexts('trackingNo', 'expressCompany', 'goodsDesc'),
  ...maybeNumbers('uploadTime'),
  contact: v.optional(v.object(maybeTexts('consignorContact', 'receiverContact'))),
})

export const orderStates = '1 to ship, 2 shipped, 3 received, 4 done, 5 refunded, 6 waiting for settlement'

/** `orderState` is one of {@link orderStates}, to which WeChat adds; amounts are in fen. */
export const order = v.object({
  ...texts('merchantId', 'merchantTradeNo', 'description', 'openid'),
  ...maybeTexts('transactionId', 'subMerchantId'),
  ...numbers('paidAmount', 'tradeCreateTime', 'orderState'),
  ...maybeNumbers('payTime'),
  inComplaint: v.boolean(),
  shipping: v.optional(
    v.object({
      ...maybeNumbers('deliveryMode', 'logisticsType', 'finishShippingCount'),
      finishShipping: v.optional(v.boolean()),
      ...maybeTexts('goodsDesc'),
      shippingList: v.optional(v.array(sentParcel)),
    }),
  ),
})
