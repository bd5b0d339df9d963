import type { WeixinMerchant } from '../../../shared/config/weixinMerchant.js'
import { merchantsOf } from '../accounts.js'
import { check } from '../check.js'
import { each } from '../examine.js'
import type { Finding, Say } from '../finding.js'
import { NoAnswer } from '../hindrance.js'
import { appSecretsIn, areSwapped } from '../payProbe.js'
import { weixinPayKeysRemarks } from '../remarks/weixinPayKeys.js'
import type { World } from '../world.js'

type Code = keyof typeof weixinPayKeysRemarks

/** Not a check of the network alone: what can be seen without it is told without it. */
export const weixinPayKeys = check({
  id: 'weixinPay.keys',
  title: {
    en: 'V2 key, APIv3 key and AppSecret are not mixed up',
    zh: 'V2 密钥、APIv3 密钥与 AppSecret 没有混用',
  },
  remarks: weixinPayKeysRemarks,
  run: (world, say) => each(world, merchantsOf(world), (merchant) => verdicts(world, merchant, say)),
})

async function verdicts(world: World, merchant: WeixinMerchant, say: Say<Code>): Promise<Finding[]> {
  const { mchId, key, v3 } = merchant
  if (key === undefined && v3 === undefined) return [say('none', { merchant: mchId })]
  const found = appSecretsIn(world, merchant).map((name) => say('is-app-secret', { name, merchant: mchId }))
  if (key !== undefined && key === v3?.key) found.push(say('same', { merchant: mchId }))
  if (found.length === 0 && (await isMixedUp(world, merchant)))
    found.push(say('swapped', { merchant: mchId }))
  return found.length > 0 ? found : [say('distinct', { merchant: mchId })]
}

/** Only WeChat Pay can tell; whether it can be reached is for others to say. */
async function isMixedUp(world: World, merchant: WeixinMerchant): Promise<boolean> {
  if (world.offline) return false
  try {
    return await areSwapped(world, merchant)
  } catch (error) {
    if (error instanceof NoAnswer) return false
    throw error
  }
}
