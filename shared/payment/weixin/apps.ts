import type { WeixinMerchant, WeixinPayApp } from '../../config/weixinMerchant.js'
import { OpenapiError } from '../../errors/index.js'
import type { Scene } from '../provider.js'

/** Which applications can take such a payment, the most suitable kind first. */
const kinds: Readonly<Record<Scene, readonly WeixinPayApp['kind'][]>> = {
  mini: ['mp'],
  app: ['app'],
  native: ['mp', 'h5', 'app'],
  h5: ['h5', 'mp', 'app'],
}

/**
 * The application under which such a payer pays: `wish` if it can take the payment, else the most suitable. Any
 * application where the scene is not known yet. MISSING_SETTING when there is none.
 */
export function appIdFor(
  { mchId, apps }: Pick<WeixinMerchant, 'mchId' | 'apps'>,
  scene?: Scene,
  wish?: string,
): string {
  const wanted = scene && kinds[scene]
  const suitable = wanted ? wanted.flatMap((kind) => apps.filter((app) => app.kind === kind)) : apps
  const chosen = suitable.find(({ appId }) => appId === wish) ?? suitable[0]
  if (chosen) return chosen.appId
  const what = wanted ? `application of kind ${wanted.join(' or ')}` : 'application'
  const setting = scene === 'app' ? 'WEIXIN_OPEN_APP_ID' : 'WEIXIN_APP_ID'
  throw new OpenapiError({
    errCode: 'MISSING_SETTING',
    errMsg: `merchant ${mchId} has no ${what}: set ${setting}, or "apps" in WEIXIN_MERCHANTS`,
    advice: 'fix the settings',
    status: 500,
  })
}
