import { DAY_MS } from '../../clock.js'
import { invalidSetting } from '../../config/index.js'
import type { Context } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import type { OrderRecord, RefundEntry } from '../../store/port.js'
import { isOpenRefund } from '../orders/states.js'
import type { PaymentProvider } from '../provider.js'
import { refundNoticeAddress, refundOrder } from '../refunds/refundOrder.js'
import { wasRefused } from '../refunds/states.js'

/** As long as a refund is refused (too little on the account, say) it is tried again, for this many milliseconds. */
const TRIED_FOR_MS = 30 * DAY_MS

/** The number of such a refund: the same however often it is tried, so that it is given back once. */
export const lateRefundNo = ({ outTradeNo }: OrderRecord): string => `late_${outTradeNo}`.slice(0, 64)

/**
 * Gives a payment back that came after its order was closed, where PAID_AFTER_CLOSE says so. Whether nothing is left to
 * do: always so where it says `report`, and where people have begun to refund the order themselves. Rejects as the
 * refund does.
 */
export async function giveBackLate(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
): Promise<boolean> {
  const outRefundNo = lateRefundNo(order)
  if (!isGivenBack(context) || order.refunds.some((entry) => entry.outRefundNo !== outRefundNo)) return true
  const known = order.refunds.find((entry) => entry.outRefundNo === outRefundNo)
  if (known && !isToBeTried(known)) return true
  const paidAt = order.history.at(-1)?.at ?? 0
  if (context.clock.now() - paidAt > TRIED_FOR_MS) return true
  const { refund } = await refundOrder(
    context,
    provider,
    order,
    omitUndefined({
      outRefundNo,
      refundFee: order.totalFee,
      refundDesc: '订单已关闭，款项退回',
      notifyUrl: refundNoticeAddress(context, provider, order),
    }),
  )
  context.note('order.lateRefund', { outTradeNo: order.outTradeNo, outRefundNo, state: refund.state })
  return false
}

/** A refund that is under way is asked about like any other; one that was refused did nothing. */
const isToBeTried = (entry: RefundEntry): boolean => isOpenRefund(entry) || wasRefused(entry)

function isGivenBack({ settings }: Context): boolean {
  const policy = settings.get('PAID_AFTER_CLOSE') ?? 'report'
  if (policy === 'report' || policy === 'refund') return policy === 'refund'
  throw invalidSetting('PAID_AFTER_CLOSE', 'neither report nor refund')
}
