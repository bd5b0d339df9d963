import type { WeixinMerchant } from '../../../../shared/config/weixinMerchant.js'
import { merchantsOf } from '../../accounts.js'
import { check, each } from '../../check.js'
import { type Doctor, PATIENCE_MS } from '../../doctor.js'
import type { Remarks } from '../../finding.js'
import { type ClientPair, soundPair } from './clientCertificate.js'

export const weixinPayTlsRemarks = {
  accepted: {
    level: 'ok',
    what: {
      en: 'the server of WeChat Pay accepts the client certificate of {merchant}',
      zh: '微信支付服务器接受商户 {merchant} 的 API 证书',
    },
  },
  refused: {
    level: 'error',
    what: {
      en: 'the server of WeChat Pay refuses the client certificate of {merchant}',
      zh: '微信支付服务器拒绝商户 {merchant} 的 API 证书',
    },
    why: { en: 'V2 refunds and fund-flow bills fail.', zh: 'V2 退款和资金账单会失败。' },
    mend: {
      en: 'It was revoked, or replaced: download the current one from the merchant console.',
      zh: '证书可能已被吊销或更换：请从商户平台下载当前证书。',
    },
  },
} as const satisfies Remarks

/**
 * Sends the certificate to the one address that asks for it, with an empty body: that is no refund, and is refused
 * after the certificate was checked.
 */
export const weixinPayTls = check({
  id: 'weixinPay.tls',
  title: { en: 'WeChat Pay accepts the V2 client certificate', zh: '微信支付接受 V2 API 证书' },
  network: true,
  remarks: weixinPayTlsRemarks,
  run: (doctor, say) =>
    each(doctor, merchantsOf(doctor), async (merchant) => {
      const pair = merchant.key === undefined ? undefined : await soundPair(doctor, merchant)
      if (!pair) return []
      const isAccepted = await showCertificate(doctor, merchant, pair)
      return [say(isAccepted ? 'accepted' : 'refused', { merchant: merchant.mchId })]
    }),
})

async function showCertificate(
  { http }: Doctor,
  { baseUrl, ca }: WeixinMerchant,
  { certificate, key }: ClientPair,
): Promise<boolean> {
  const { status } = await http.request({
    method: 'POST',
    url: `${baseUrl}/secapi/pay/refund`,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: '',
    timeoutMs: PATIENCE_MS,
    clientCertificate: { cert: certificate.toString(), key },
    ...(ca === undefined ? {} : { ca }),
  })
  // Its web server refuses a certificate before anything else, with a page of its own.
  return status !== 400
}
