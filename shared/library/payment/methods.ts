import type * as v from 'valibot'
import { ORDER_UNKNOWN_TO_PROVIDER, openapiError, REFUND_UNKNOWN_TO_PROVIDER } from '../../errors/index.js'
import { validate } from '../../operation/index.js'
import { checkParameters } from '../../payment/parameters/rules.js'
import type {
  AskedOfOrder,
  Bill,
  CancelledFacts,
  ClosedFacts,
  EncryptedValues,
  OrderInfo,
  PaymentFacts,
  PaymentProvider,
} from '../../payment/provider.js'
import {
  type QueriedRefunds,
  queriedRefunds,
  type RefundResult,
  refundResult,
} from '../../payment/refunds/refundResult.js'
import { requireCapability } from '../../payment/registry.js'
import { callWithOptionNames, type Instance } from '../instance.js'
import type { LibraryAnswer } from '../methods.js'
import * as input from './input.js'
import { orderRequest, refundRequest } from './input.js'
import {
  type NoticeEvent,
  type PaidNotice,
  paymentNotice,
  type RefundNotice,
  refundNotice,
} from './notice.js'
import { type RecordMethods, recordMethods } from './records.js'

/** Events come under many types of many frameworks; a text, such as the body alone, is none. */
type Whole<Event> = Event extends string ? NoticeEvent : Event

/** The payment methods of the reference document. Amounts are fen; the caller's objects are never changed. */
export interface PaymentMethods<Info extends OrderInfo = OrderInfo> extends RecordMethods {
  /** Answers what `uni.requestPayment` takes, and nothing beside it. */
  getOrderInfo(order: v.InferInput<typeof input.orderInput>): Promise<Info>
  /** ORDER_NOT_FOUND when the provider knows no such order. */
  orderQuery(
    order: v.InferInput<typeof input.orderQueryInput>,
  ): Promise<LibraryAnswer<PaymentFacts & AskedOfOrder>>
  closeOrder(order: v.InferInput<typeof input.numberInput>): Promise<LibraryAnswer<ClosedFacts>>
  /** Alipay only: closes an order, or gives the money back when it is paid. */
  cancelOrder(order: v.InferInput<typeof input.numberInput>): Promise<LibraryAnswer<CancelledFacts>>
  refund(refund: v.InferInput<typeof input.refundInput>): Promise<LibraryAnswer<RefundResult>>
  /** REFUND_NOT_FOUND when the provider knows no such refund. */
  refundQuery(refund: v.InferInput<typeof input.refundQueryInput>): Promise<LibraryAnswer<QueriedRefunds>>
  downloadBill(bill: v.InferInput<typeof input.billInput>): Promise<LibraryAnswer<Bill>>
  /** WeChat Pay only. */
  downloadFundflow(bill: v.InferInput<typeof input.fundflowInput>): Promise<LibraryAnswer<Bill>>
  /**
   * WeChat Pay V3 only: encrypts names, phones and the like for a call of your own. Sign its body with them in it, and
   * name `serial` in its `Wechatpay-Serial` header.
   */
  encryptSensitive(values: Readonly<Record<string, string>>): Promise<LibraryAnswer<EncryptedValues>>
  /** Opens what WeChat Pay encrypted for the merchant. INVALID_PARAM for what is not that. */
  decryptSensitive(
    values: Readonly<Record<string, string>>,
  ): Promise<LibraryAnswer<{ decrypted: Record<string, string> }>>
  /** Takes the event of a URL-ified function; rejects with NOTICE_REFUSED unless the provider itself sent it. */
  verifyPaymentNotify<Event = NoticeEvent>(event: Whole<Event>): Promise<LibraryAnswer<PaidNotice>>
  verifyRefundNotify<Event = NoticeEvent>(event: Whole<Event>): Promise<LibraryAnswer<RefundNotice>>
}

export interface PaymentAccount {
  instance: Instance
  clientType: string | undefined
  /** Opens the account anew for one call, which may choose how it is signed. INVALID_PARAM where it cannot. */
  open(signType?: string): Promise<PaymentProvider>
}

export function paymentMethods<Info extends OrderInfo>(account: PaymentAccount): PaymentMethods<Info> {
  const run = <Result>(work: () => Promise<Result>): Promise<Result> =>
    callWithOptionNames(account.instance, work)

  /** Checks the parameters of a call, and opens the account as they want it. */
  async function opened<Schema extends v.GenericSchema<unknown, { signType?: string | undefined }>>(
    schema: Schema,
    given: unknown,
  ) {
    const checked = validate(schema, given)
    return { provider: await account.open(checked.signType), checked }
  }

  /** A method that checks its parameters, asks the provider, and returns its answer. */
  const method =
    <Schema extends v.GenericSchema<unknown, { signType?: string | undefined }>, Result extends object>(
      name: string,
      schema: Schema,
      ask: (provider: PaymentProvider, given: v.InferOutput<Schema>) => Promise<Result>,
    ) =>
    (given: v.InferInput<Schema>): Promise<LibraryAnswer<Result>> =>
      run(async () => {
        const { provider, checked } = await opened(schema, given)
        return answer(name, await ask(provider, checked))
      })

  /** The same without parameters of ours, for what names no order. */
  const notice =
    <Result extends object>(
      name: string,
      read: (provider: PaymentProvider, event: unknown) => Promise<Result>,
    ) =>
    (event: unknown): Promise<LibraryAnswer<Result>> =>
      run(async () => answer(name, await read(await account.open(), event)))

  return {
    ...recordMethods(account.instance),
    getOrderInfo: (given) =>
      run(async () => {
        const { provider, checked } = await opened(input.orderInput, given)
        const request = orderRequest(provider, checked, account.clientType)
        return (await provider.getOrderInfo(request)) as Info
      }),
    orderQuery: method('orderQuery', input.orderQueryInput, async (provider, given) => {
      checkParameters(provider.id, { queryOptions: given.queryOptions })
      const found = await provider.orderQuery(given)
      if (found) return { ...found.asked, ...found.facts }
      throw openapiError(ORDER_UNKNOWN_TO_PROVIDER)
    }),
    closeOrder: method('closeOrder', input.numberInput, (provider, given) =>
      requireCapability(provider, 'closeOrder')(given),
    ),
    cancelOrder: method('cancelOrder', input.numberInput, (provider, given) =>
      requireCapability(provider, 'cancelOrder')(given),
    ),
    refund: method('refund', input.refundInput, async (provider, given) =>
      refundResult(await requireCapability(provider, 'refund')(refundRequest(provider, given))),
    ),
    refundQuery: method('refundQuery', input.refundQueryInput, async (provider, given) => {
      checkParameters(provider.id, { queryOptions: given.queryOptions })
      const found = await requireCapability(provider, 'refundQuery')(given)
      if (found) return queriedRefunds(provider.id, found)
      throw openapiError(REFUND_UNKNOWN_TO_PROVIDER)
    }),
    downloadBill: method('downloadBill', input.billInput, (provider, given) =>
      requireCapability(provider, 'downloadBill')(given),
    ),
    downloadFundflow: method('downloadFundflow', input.fundflowInput, (provider, given) =>
      requireCapability(provider, 'downloadFundflow')(given),
    ),
    encryptSensitive: method('encryptSensitive', input.sensitiveInput, (provider, given) =>
      requireCapability(provider, 'encryptSensitive')(given),
    ),
    decryptSensitive: method('decryptSensitive', input.sensitiveInput, async (provider, given) => ({
      decrypted: await requireCapability(provider, 'decryptSensitive')(given),
    })),
    verifyPaymentNotify: notice('verifyPaymentNotify', paymentNotice),
    verifyRefundNotify: notice('verifyRefundNotify', refundNotice),
  }
}

/** In the words of uni-pay, whose users look at them. */
const answer = <Result extends object>(name: string, result: Result): LibraryAnswer<Result> => ({
  errCode: 0,
  errMsg: `payment.${name} ok`,
  ...result,
})
