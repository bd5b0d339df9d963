import type { WeixinMerchant } from '../../../shared/config/weixinMerchant.js'
import { merchantsOf } from '../accounts.js'
import { check } from '../check.js'
import { type ClientPair, soundPair } from '../clientCertificate.js'
import { each } from '../examine.js'
import { weixinPayTlsRemarks } from '../remarks/weixinPayTls.js'
import { PATIENCE_MS, type World } from '../world.js'

/**
 * Shows the certificate to the one address that asks for it, with a body that asks for nothing: an empty refund is
 * none, and is refused after the certificate was looked at.
 */
export const weixinPayTls = check({
  id: 'weixinPay.tls',
  title: { en: 'WeChat Pay accepts the V2 client certificate', zh: '微信支付接受 V2 API 证书' },
  network: true,
  remarks: weixinPayTlsRemarks,
  run: (world, say) =>
    each(world, merchantsOf(world), async (merchant) => {
      const pair = merchant.key === undefined ? undefined : await soundPair(world, merchant)
      if (!pair) return []
      const isAccepted = await showCertificate(world, merchant, pair)
      return [say(isAccepted ? 'accepted' : 'refused', { merchant: merchant.mchId })]
    }),
})

async function showCertificate(
  { http }: World,
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
