/** What decides over money in a notice, as it stands in the text that is signed. */
const DECIDING =
  /&(?:app_id|seller_id|notify_type|out_trade_no|trade_no|trade_status|total_amount|trans_currency|out_biz_no|refund_fee|gmt_payment|gmt_refund)=/

/**
 * Whether a field holds what decides over money as part of its value. Alipay signs `name=value` joined by `&`, so
 * whoever chooses a `subject` or `body` could write fields into it and cut a genuine notice anew so that they count, an
 * unpaid one into a paid one. No field is excepted: our `passback_params` are percent-encoded here still.
 */
export const hidesFields = (fields: ReadonlyMap<string, string>): boolean =>
  [...fields.values()].some((value) => DECIDING.test(value))

/**
 * Nothing is quoted in a bill: where the name of the goods has commas, the times behind it tell where it ends. Whoever
 * chooses a `subject` could write a time of his own and columns after it into his row, and no bill of that day would add up.
 */
const TIME_COLUMN = /,\s*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/

/**
 * What the two texts of an order have to be like, which notices and bills repeat as they are: the notices of one that
 * holds such fields would all be refused, and a payment of it never be heard of.
 */
export const orderText = {
  pattern: new RegExp(`^(?![\\s\\S]*(?:${DECIDING.source}|${TIME_COLUMN.source}))`),
  like: 'a text without what notices and bills have for fields, such as &trade_no= or a comma before a time',
}
