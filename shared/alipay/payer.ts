/** User ids are sixteen digits; open_ids, which belong to one application, never look like that. */
const USER_ID = /^2088\d{12}$/

/**
 * The one field that takes this user: Alipay has two names for everybody, and where a user goes two fields, such as
 * `buyer_id` and `buyer_open_id`. https://opendocs.alipay.com/mini/0ai2i6
 */
export const userField = <Id extends string, OpenId extends string>(
  forUserId: Id,
  forOpenId: OpenId,
  openid: string,
): Partial<Record<Id | OpenId, string>> => {
  const field: Partial<Record<string, string>> = { [USER_ID.test(openid) ? forUserId : forOpenId]: openid }
  return field as Partial<Record<Id | OpenId, string>>
}
