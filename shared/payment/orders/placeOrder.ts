import { OUT_TRADE_NO_USED, openapiError } from '../../errors/index.js'
import { fen } from '../../money.js'
import type { Context } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import type { OrderRecord, SessionRecord } from '../../store/port.js'
import { idLike, isIdLike } from '../fields.js'
import type { Extra } from '../parameters/extra.js'
import { checkEnd, type GivenParameters, parametersIn, shownTexts } from '../parameters/orderParameters.js'
import { checkLimits, checkOrder } from '../parameters/rules.js'
import { chooseProvider, openProvider } from '../registry.js'
import { planned } from './states.js'

/** An order as the merchant's server describes it. */
export interface NewOrder extends Omit<GivenParameters, 'description'> {
  outTradeNo: string
  /** Fen. */
  totalFee: number
  /** What the payer sees: WeChat shows `body`, Alipay `subject`; one stands for both. */
  body?: string | undefined
  subject?: string | undefined
  openid?: string | undefined
  attach?: string | undefined
  notifyUrl?: string | undefined
  provider?: string | undefined
  mchId?: string | undefined
  appId?: string | undefined
  expireMinutes?: number | undefined
  /** Milliseconds since the epoch; in place of `expireMinutes`. */
  timeExpire?: number | undefined
  feeType?: string | undefined
  spbillCreateIp?: string | undefined
  extra?: Extra | undefined
  /** For those who pay without a login. */
  payTokenHash?: string | undefined
  /** Whose users may pay, where the payer is logged in. */
  family?: SessionRecord['provider'] | undefined
}

/**
 * Puts an order into the store, or finds the very same one there: placing it again is harmless. OUT_TRADE_NO_USED
 * when the number belongs to an order that is not the same.
 */
export async function placeOrder(context: Context, newOrder: NewOrder): Promise<OrderRecord> {
  const order = await describe(context, newOrder)
  const { orders, takesTextsForIds } = await context.store()
  if (takesTextsForIds && isIdLike(order.outTradeNo) && !(await orders.find(order))) {
    throw idLike('outTradeNo')
  }
  if (await orders.create(planned(undefined, order, order.createdAt))) return order
  const existing = await orders.find(order)
  if (existing && isSame(existing, order)) return existing
  throw openapiError(OUT_TRADE_NO_USED)
}

async function describe(context: Context, newOrder: NewOrder): Promise<OrderRecord> {
  const id = await chooseProvider(context.settings, { name: newOrder.provider, family: newOrder.family })
  const shown = shownTexts(id, newOrder)
  const parameters = parametersIn({ ...newOrder, description: shown.description })
  const { outTradeNo, subject, body } = newOrder
  checkLimits(id, { outTradeNo, subject, body })
  checkOrder(id, parameters, newOrder.extra)
  checkEnd(newOrder)
  const provider = await openProvider(context, id, newOrder.mchId)
  const now = context.clock.now()
  const { openid, attach, notifyUrl, payTokenHash, extra, spbillCreateIp: payerIp } = newOrder
  const { expireMinutes, timeExpire } = newOrder
  return omitUndefined<OrderRecord>({
    outTradeNo,
    provider: id,
    merchantId: provider.merchantId,
    appId: provider.appIdFor(openid === undefined ? undefined : 'mini', newOrder.appId),
    totalFee: fen(newOrder.totalFee),
    currency: newOrder.feeType ?? 'CNY',
    body: shown.text,
    ...{ openid, attach, notifyUrl, payTokenHash, payerIp },
    parameters: parameters && JSON.stringify(parameters),
    extra: extra && JSON.stringify(extra),
    expiresAt: expireMinutes === undefined ? timeExpire : now + expireMinutes * 60_000,
    state: 'CREATED',
    createdAt: now,
    updatedAt: now,
    history: [{ at: now, from: null, to: 'CREATED', by: 'createOrder' }],
    refunds: [],
    events: [],
    rev: 0,
  })
}

const isSame = (one: OrderRecord, other: OrderRecord): boolean =>
  one.totalFee === other.totalFee &&
  one.currency === other.currency &&
  one.body === other.body &&
  one.attach === other.attach &&
  one.openid === other.openid &&
  one.parameters === other.parameters &&
  one.extra === other.extra
