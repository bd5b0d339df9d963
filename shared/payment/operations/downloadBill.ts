import { meaningsOf, NOT_OFFERED, UNKNOWN_MERCHANT } from '../../errors/index.js'
import { object, optional } from '../../operation/fields.js'
import type { Operation } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import * as fields from '../fields.js'
import { accountOf } from '../orders/findOrder.js'
import type { Bill } from '../provider.js'
import { providerSettings, requireCapability } from '../registry.js'

const input = object({
  billDate: fields.billDate,
  billType: optional(fields.billWord),
  tarType: optional(fields.tarType),
  provider: optional(fields.provider),
  mchId: optional(fields.mchId),
})

export interface DownloadedBill extends Bill {
  provider: string
}

/**
 * All trades of a day as the provider lists them, amounts in yuan. WeChat Pay makes a day's bill by 10:00 of the next
 * morning in Beijing, Alipay by 9:00.
 */
export const downloadBill = {
  name: 'payment.downloadBill',
  doc: 'https://uniapp.dcloud.net.cn/uniCloud/unipay.html',
  title: { en: 'Download the bill of a day', zh: '下载交易账单' },
  input,
  reach: 'server',
  repeat: 'safe',
  settings: providerSettings,
  errors: meaningsOf(NOT_OFFERED, UNKNOWN_MERCHANT),
  async run(given, context): Promise<DownloadedBill> {
    const { provider } = await accountOf(context, { provider: given.provider, mchId: given.mchId })
    const { billDate, billType } = given
    const bill = await requireCapability(provider, 'downloadBill')(omitUndefined({ billDate, billType }))
    return { provider: provider.id, ...bill }
  },
} satisfies Operation<typeof input, DownloadedBill>
