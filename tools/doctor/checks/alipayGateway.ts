import { callAlipay } from '../../../shared/alipay/gateway.js'
import { canVerify } from '../../../shared/alipay/keys/trust.js'
import type { AlipayApp } from '../../../shared/config/alipayApp.js'
import { OpenapiError } from '../../../shared/errors/index.js'
import { alipayAppsOf } from '../accounts.js'
import { check } from '../check.js'
import { blameClock } from '../clockProbe.js'
import { saidBy } from '../common.js'
import { each } from '../examine.js'
import { type Finding, type Say, saying } from '../finding.js'
import { NoAnswer, NotYet } from '../hindrance.js'
import { nobodysNumber } from '../payProbe.js'
import { alipayCertificatesRemarks } from '../remarks/alipayCertificates.js'
import { alipayGatewayRemarks } from '../remarks/alipayGateway.js'
import { alipayKeysRemarks } from '../remarks/alipayKeys.js'
import type { World } from '../world.js'
import { verdicts as onCertificates } from './alipayCertificates.js'
import { verdicts as onKeys } from './alipayKeys.js'

type Code = keyof typeof alipayGatewayRemarks

export const alipayGateway = check({
  id: 'alipay.gateway',
  title: { en: 'Alipay takes our signature, and we its', zh: '与支付宝双向验签通过' },
  network: true,
  remarks: alipayGatewayRemarks,
  run: (world, say) =>
    each(world, alipayAppsOf(world), async (app) => {
      blameKeys(world, app)
      const plain = await verdict(world, app, say)
      if (plain.level !== 'ok' || app.aesKey === undefined) return [plain]
      const sealed = await verdict(world, app, say, { encrypt: true })
      return sealed.level === 'ok' ? [plain] : [sealed]
    }),
})

/** Keeps Alipay's refusal from being blamed twice, where the keys themselves are at fault. */
function blameKeys(world: World, app: AlipayApp): void {
  const found = [
    ...onKeys(app, saying(alipayKeysRemarks, [])),
    ...onCertificates(world, app, saying(alipayCertificatesRemarks, [])),
  ]
  if (found.some(({ level }) => level === 'error')) throw new NotYet('settings-first')
}

/** Asks for an order that does not exist; 'there is none' comes signed, so it proves the keys of both sides. */
async function verdict(
  world: World,
  app: AlipayApp,
  say: Say<Code>,
  how: { encrypt?: boolean } = {},
): Promise<Finding> {
  const good = say(canVerify(app) ? 'proved' : 'unproved', { app: app.appId })
  const bizContent = { out_trade_no: nobodysNumber(world) }
  const call = { method: 'alipay.trade.query', bizContent, repeat: 'safe', ...how } as const
  try {
    await callAlipay(app, canVerify(app) ? call : { ...call, unverified: 'allowed' }, world.context())
    return good
  } catch (error) {
    if (error instanceof NoAnswer || !(error instanceof OpenapiError)) throw error
    // The answer that was wanted; unsigned it proves nothing where it could have been signed.
    const isSigned = error.outcome === 'failed' || !canVerify(app)
    if (error.errCode === 'ACQ.TRADE_NOT_EXIST' && isSigned) return good
    const code = codeOf(error)
    if (code === 'signature-refused' || code === 'clock') await blameClock(world)
    return say(code === 'clock' ? 'refused' : code, { app: app.appId, said: saidBy(error) })
  }
}

const codes: readonly (readonly [RegExp, Code | 'clock'])[] = [
  [/^isv\.invalid-timestamp/, 'clock'],
  [/^isv\.(invalid-signature|missing-signature)/, 'signature-refused'],
  [/cert/i, 'mode-mismatch'],
  [/^isv\.invalid-app-id/, 'app-unknown'],
  [/^isv\.(decryption|encryption)-error/, 'aes-key-wrong'],
  [/^(isv\.insufficient-isv-permissions|ACQ\.ACCESS_FORBIDDEN|40006|isv\.no-permission)/, 'no-permission'],
]

function codeOf({ errCode, errMsg }: OpenapiError): Code | 'clock' {
  const isForged = errCode === 'UNVERIFIED_ANSWER' && /wrong signature|not to be trusted/.test(errMsg)
  if (isForged) return 'alipay-key-wrong'
  return codes.find(([pattern]) => pattern.test(String(errCode)))?.[1] ?? 'refused'
}
