import { merchantsOf } from '../accounts.js'
import { check } from '../check.js'
import { ClientCertificateProblem, type ClientPair, clientPair, ownerOf } from '../clientCertificate.js'
import { each } from '../examine.js'
import { expiryOf } from '../expiry.js'
import type { Finding, Say } from '../finding.js'
import { weixinPayCertificateRemarks } from '../remarks/weixinPayCertificate.js'
import type { World } from '../world.js'

type Code = keyof typeof weixinPayCertificateRemarks

export const weixinPayCertificate = check({
  id: 'weixinPay.certificate',
  title: { en: 'The V2 client certificate can be read and is ours', zh: 'V2 API 证书可读取且属于本商户' },
  remarks: weixinPayCertificateRemarks,
  run: (world, say) =>
    each(world, merchantsOf(world), async (merchant) => {
      const { mchId, key } = merchant
      try {
        const pair = await clientPair(merchant)
        if (pair) return judged(world, mchId, pair, say)
        return key === undefined ? [] : [say('none', { merchant: mchId })]
      } catch (error) {
        if (!(error instanceof ClientCertificateProblem)) throw error
        return [say(error.problem, { merchant: mchId, name: error.settingName })]
      }
    }),
})

function judged(world: World, merchant: string, pair: ClientPair, say: Say<Code>): Finding[] {
  const owner = ownerOf(pair)
  if (owner !== undefined && owner !== merchant) return [say('other-merchant', { merchant, owner })]
  const { state, until, days } = expiryOf(pair.certificate, world.clock)
  const note = pair.isRc2 ? [say('rc2', { merchant })] : []
  return [say(state ?? 'good', { merchant, until, days }), ...note]
}
