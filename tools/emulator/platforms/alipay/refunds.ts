import type { World } from '../contract.js'
import type { RefundOutcome, RefundView, SettledRefund } from '../payment.js'
import type { Trade } from './trade.js'
import type { Tell } from './trades.js'

/** What a merchant asks for. */
export interface RefundWish {
  readonly outRequestNo: string
  /** Whether the merchant named that number; else it is the order's own. */
  readonly isNamed: boolean
  /** Fen. */
  readonly fee: number
  readonly reason?: string
}

export interface Refund extends RefundWish {
  readonly trade: Trade
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  state: RefundView['state']
  /** Milliseconds since the epoch. */
  successAt?: number
  isTold: boolean
}

/** When the merchant is told of a refund, and when one that hangs comes to its end. */
const SETTLING_MS = 2000

/** The refunds of one application. Most are done at once. */
export class Refunds {
  readonly #refunds: Refund[] = []

  constructor(
    private readonly world: Pick<World, 'clock' | 'agenda'>,
    private readonly tell: Tell,
  ) {}

  /** The refund of that number of that order. */
  find(trade: Trade, outRequestNo: string): Refund | undefined {
    return trade.refunds.find((refund) => refund.outRequestNo === outRequestNo)
  }

  byOutRequestNo(outRequestNo: string): Refund | undefined {
    return this.#refunds.find((refund) => refund.outRequestNo === outRequestNo)
  }

  list(): readonly Refund[] {
    return this.#refunds
  }

  /** Gives money back; a refund that `hangs` takes its time. The caller has checked that it may be. */
  make(trade: Trade, wish: RefundWish, hangs = false): Refund {
    const { clock, agenda } = this.world
    const now = clock.now()
    const done = hangs ? { state: 'PROCESSING' as const } : { state: 'SUCCESS' as const, successAt: now }
    const refund: Refund = { ...wish, trade, createdAt: now, isTold: false, ...done }
    this.#refunds.push(refund)
    trade.refunds.push(refund)
    agenda.after(SETTLING_MS, async () => {
      if (!refund.isTold && refund.state !== 'CLOSED') await this.settle(refund, 'SUCCESS')
    })
    return refund
  }

  /** Ends a refund now and tells the merchant. Throws when it has come to another end, or the merchant knows. */
  async settle(refund: Refund, outcome: RefundOutcome): Promise<SettledRefund> {
    const { state, trade } = refund
    const isOpen = state === 'PROCESSING' || (state === outcome && !refund.isTold)
    if (!isOpen || outcome === 'ABNORMAL')
      throw new Error(`the refund is ${state} and cannot become ${outcome}`)
    refund.state = outcome
    refund.isTold = true
    if (outcome === 'CLOSED') return { refund: refundView(refund) }
    refund.successAt ??= this.world.clock.now()
    const delivery = await this.tell(trade, { refund })
    return { refund: refundView(refund), delivery }
  }
}

/** Alipay has no number of its own for a refund. */
export const refundView = ({ trade, outRequestNo, fee, state }: Refund): RefundView => ({
  platform: 'alipay',
  outTradeNo: trade.wish.outTradeNo,
  outRefundNo: outRequestNo,
  refundId: '',
  refundFee: fee,
  state,
})
