import { OpenapiError } from '../../../shared/errors/index.js'
import type { WeixinApp } from '../../../shared/weixin/app.js'
import { hubUrl } from '../../../shared/weixin/token/hub.js'
import { check } from '../check.js'
import { saidBy } from '../common.js'
import { each } from '../examine.js'
import type { Finding, Say } from '../finding.js'
import { weixinSecretRemarks } from '../remarks/weixinSecret.js'
import { tokenApps, tokenOf } from '../weixinProbe.js'
import type { World } from '../world.js'

type Code = keyof typeof weixinSecretRemarks

/** WeChat's own codes; what else it refuses with is told in its words. */
const codes: Readonly<Record<string, Code>> = {
  40001: 'secret-wrong',
  40013: 'app-unknown',
  40125: 'secret-wrong',
  40164: 'address-refused',
  40243: 'secret-frozen',
  45009: 'quota-used-up',
  45011: 'quota-used-up',
}

export const weixinSecret = check({
  id: 'weixin.secret',
  title: { en: 'WeChat accepts AppID and AppSecret', zh: '微信接受 AppID 与 AppSecret' },
  network: true,
  remarks: weixinSecretRemarks,
  run: (world, say) => each(world, tokenApps(world), async (app) => [await verdict(world, app, say)]),
})

async function verdict(world: World, app: WeixinApp, say: Say<Code>): Promise<Finding> {
  const isHub = hubUrl(world.settings) !== undefined
  if (app.secret === undefined && !isHub) return say('no-secret', { app: app.appId })
  try {
    await tokenOf(world, app)
    return say(isHub ? 'hub-answers' : 'accepted', { app: app.appId })
  } catch (error) {
    if (!(error instanceof OpenapiError)) throw error
    if (/^UPSTREAM_/.test(String(error.errCode)) || error.errCode === -1) throw error
    return refusal(app, error, isHub ? 'hub-refused' : (codes[error.errCode] ?? 'refused'), say)
  }
}

function refusal({ appId }: WeixinApp, error: OpenapiError, code: Code, say: Say<Code>): Finding {
  const address = /invalid ip ([0-9a-f.:]+)/i.exec(error.errMsg)?.[1] ?? '?'
  return say(code, { app: appId, address, code: error.errCode, said: saidBy(error) })
}
