import { storedCertificates } from '../../certificates/source.js'
import { weixinMerchantSettings } from '../../config/providerSettings.js'
import { weixinMerchants } from '../../config/weixinMerchant.js'
import { asOpenapiError, type OpenapiError } from '../../errors/index.js'
import { object } from '../../operation/fields.js'
import type { Context, Operation } from '../../operation/index.js'
import { v3Client } from '../weixin-v3/index.js'

const input = object({})

/** The platform certificates of one merchant after a refresh. */
export interface RefreshedMerchant {
  mchId: string
  /** Empty for merchants that have the WeChat Pay public key only. */
  serials: string[]
  /** Milliseconds since the epoch; the last certificate ends then. */
  expiresAt?: number
}

/**
 * Fetches the platform certificates of every V3 merchant, so that a new one is known before WeChat Pay signs with it.
 * One merchant's failure does not keep the others from theirs; it is thrown at the end.
 */
export const certificateRefresh = {
  name: 'payment.certificateRefresh',
  doc: 'https://pay.weixin.qq.com/doc/v3/merchant/4012551764',
  title: {
    en: "Fetches WeChat Pay's platform certificates, so that a new one is known before it is used",
    zh: '下载并更新微信支付平台证书，保证证书轮换时不中断',
  },
  input,
  reach: 'server',
  repeat: 'safe',
  settings: weixinMerchantSettings,
  async run(_input: object, context: Context): Promise<{ merchants: RefreshedMerchant[] }> {
    const merchants: RefreshedMerchant[] = []
    const failures: OpenapiError[] = []
    for (const merchant of weixinMerchants(context.settings).filter(({ v3 }) => v3 !== undefined)) {
      const { mchId } = merchant
      const source = storedCertificates(() => context.store(), 'weixin-v3', mchId)
      try {
        const fresh = await v3Client(merchant, context, source).keys.refresh()
        const [last] = fresh.map(({ notAfter }) => notAfter).sort((one, other) => other - one)
        const expiresAt = last === undefined ? {} : { expiresAt: last }
        merchants.push({ mchId, serials: fresh.map(({ serial }) => serial), ...expiresAt })
      } catch (error) {
        const failure = asOpenapiError(error)
        context.note('certificateRefresh failed', { mchId, errCode: failure.errCode })
        failures.push(failure)
      }
    }
    if (failures[0]) throw failures[0]
    return { merchants }
  },
} satisfies Operation<typeof input>
