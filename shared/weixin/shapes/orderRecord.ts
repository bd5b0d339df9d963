import * as v from 'valibot'
import { optionalText } from '../../operation/fields.js'
import { oneGroupOf } from '../../operation/rules.js'
import { merchantNumber, paymentNumber, tradeNumber } from './fields.js'
import { maybeNumbers, maybeTexts, numbers, texts } from './records.js'

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

export const eitherNumber = oneGroupOf<WhichOrder>(['transactionId'], ['merchantId', 'merchantTradeNo'])

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
