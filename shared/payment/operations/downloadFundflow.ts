import { meaningsOf, NOT_OFFERED, UNKNOWN_MERCHANT } from '../../errors/index.js'
import { object, optional } from '../../operation/fields.js'
import type { Operation } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import * as fields from '../fields.js'
import { accountOf } from '../orders/findOrder.js'
import { certifiedSettings, requireCapability } from '../registry.js'
import type { DownloadedBill } from './downloadBill.js'

const input = object({
  billDate: fields.billDate,
  accountType: optional(fields.billWord),
  tarType: optional(fields.tarType),
  provider: optional(fields.provider),
  mchId: optional(fields.mchId),
})

/** All movements of one of the merchant's accounts of a day, amounts in yuan. WeChat Pay only. */
export const downloadFundflow = {
  name: 'payment.downloadFundflow',
  doc: 'https://uniapp.dcloud.net.cn/uniCloud/unipay.html',
  title: {
    en: "Download the movements of a day on the merchant's account",
    zh: '下载资金账单（仅微信支付）',
  },
  input,
  reach: 'server',
  repeat: 'safe',
  settings: certifiedSettings,
  errors: meaningsOf(NOT_OFFERED, UNKNOWN_MERCHANT),
  async run(given, context): Promise<DownloadedBill> {
    const { provider } = await accountOf(context, { provider: given.provider, mchId: given.mchId })
    const { billDate, accountType } = given
    const bill = await requireCapability(
      provider,
      'downloadFundflow',
    )(omitUndefined({ billDate, accountType }))
    return { provider: provider.id, ...bill }
  },
} satisfies Operation<typeof input, DownloadedBill>
