import type { AlipayWorld, Entry } from './entry.js'
import { numbersOf, orderRules, sameTrade, wishOf } from './order.js'
import { refused, wrongParameter } from './refusal.js'
import { type Content, matching, textIn } from './rules.js'
import type { AlipayUser } from './users.js'

/** An order for a mini program. The same order may be asked for again, and is the same then. */
export const tradeCreate: Entry = {
  method: 'alipay.trade.create',
  content: { ...orderRules, op_app_id: { accepts: matching(/^\d{16}$/) } },
  answer({ content, params }, world) {
    const { product_code: product, op_app_id: opener } = content
    if (product !== 'JSAPI_PAY' || opener !== world.account.appId) {
      throw refused('ACQ.ACCESS_FORBIDDEN', '无权限使用接口')
    }
    const wish = { ...wishOf(content, params, 'JSAPI_PAY', world), buyer: buyerOf(content, world) }
    return numbersOf(sameTrade(wish, world) ?? world.trades.create(wish))
  },
}

/** Exactly one of the two fields, with an id that the application was told for it. */
function buyerOf(content: Content, { users, account, terms }: AlipayWorld): AlipayUser {
  const [userId, openId] = [textIn(content, 'buyer_id'), textIn(content, 'buyer_open_id')]
  const [given, other] = terms.userIds === 'user_id' ? [userId, openId] : [openId, userId]
  if (userId === account.sellerId) throw refused('ACQ.BUYER_SELLER_EQUAL', '买卖家不能相同')
  const buyer = given === undefined || other !== undefined ? undefined : users.find(given)
  if (buyer) return buyer
  throw wrongParameter(terms.userIds === 'user_id' ? 'buyer_id' : 'buyer_open_id')
}
