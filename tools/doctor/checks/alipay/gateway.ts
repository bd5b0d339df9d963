import { callAlipay } from '../../../../shared/alipay/client.js'
import { canVerify } from '../../../../shared/alipay/keys/verifySignature.js'
import type { AlipayApp } from '../../../../shared/config/alipayApp.js'
import { OpenapiError } from '../../../../shared/errors/index.js'
import { alipayAppsOf } from '../../accounts.js'
import { check, each } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import { type Finding, findingMaker, type Remarks, type Say } from '../../finding.js'
import { errorText, NoAnswer, NotYet } from '../../skipped.js'
import { skipIfClockIsWrong } from '../clock.js'
import { unknownOrderNumber } from '../weixinPay/probe.js'
import { alipayCertificatesRemarks, verdicts as onCertificates } from './certificates.js'
import { alipayKeysRemarks, verdicts as onKeys } from './keys.js'

const requestsFail = { en: 'Alipay refuses every request.', zh: '支付宝会拒绝所有请求。' }

export const alipayGatewayRemarks = {
  proved: {
    level: 'ok',
    what: {
      en: 'Alipay takes the signature of {app}, and its answer verifies with the configured key',
      zh: '支付宝接受应用 {app} 的签名，其应答用已配置的公钥验签通过',
    },
  },
  unproved: {
    level: 'ok',
    what: {
      en: 'Alipay takes the signature of {app}; there is no key to verify its answers with',
      zh: '支付宝接受应用 {app} 的签名；未配置公钥，无法验证其应答',
    },
  },
  'signature-refused': {
    level: 'error',
    what: {
      en: 'Alipay does not accept the signature of {app}: {said}',
      zh: '支付宝不接受应用 {app} 的签名：{said}',
    },
    why: requestsFail,
    mend: {
      en: 'The private key here and the application public key (or certificate) in the console are no pair: put the public half of this private key into the console.',
      zh: '本地私钥与控制台中的应用公钥（或证书）不成对：请将该私钥对应的公钥上传到控制台。',
    },
  },
  'mode-mismatch': {
    level: 'error',
    what: {
      en: 'key mode and certificate mode are mixed up for {app}: {said}',
      zh: '应用 {app} 的公钥模式与证书模式不一致：{said}',
    },
    why: requestsFail,
    mend: {
      en: 'The console says which mode the application is in. Certificate mode needs the three files here, key mode none of them.',
      zh: '控制台会显示应用使用的模式：证书模式需要配置三个文件，公钥模式则不能配置。',
    },
  },
  'app-unknown': {
    level: 'error',
    what: { en: 'Alipay knows no application {app}: {said}', zh: '支付宝没有应用 {app}：{said}' },
    why: requestsFail,
    mend: {
      en: 'Copy the APPID from the console. One of the sandbox needs ALIPAY_GATEWAY_URL of the sandbox, and is not known in production.',
      zh: '请从控制台复制 APPID。沙箱应用须配合沙箱的 ALIPAY_GATEWAY_URL，在生产环境中并不存在。',
    },
  },
  'alipay-key-wrong': {
    level: 'error',
    what: {
      en: 'the answer of Alipay does not verify with the key that {app} has for it',
      zh: '支付宝的应答无法用应用 {app} 配置的支付宝公钥验签',
    },
    why: {
      en: 'No answer and no notice is ever believed: payments happen, and orders stay unpaid.',
      zh: '任何应答和通知都不会被信任：用户已付款，订单却一直未支付。',
    },
    mend: {
      en: 'Copy the Alipay public key of this very application from the console; it changes with the application public key.',
      zh: '请从控制台复制该应用对应的支付宝公钥；更换应用公钥后它也会变化。',
    },
  },
  'aes-key-wrong': {
    level: 'error',
    what: {
      en: 'Alipay cannot open what is encrypted with ALIPAY_AES_KEY of {app}: {said}',
      zh: '支付宝无法解密用应用 {app} 的 ALIPAY_AES_KEY 加密的内容：{said}',
    },
    why: {
      en: 'Phone numbers cannot be opened, and encrypted requests fail.',
      zh: '无法解密手机号，加密请求也会失败。',
    },
    mend: {
      en: 'Copy the AES key from the console (Development settings > Content encryption).',
      zh: '请从控制台“开发设置 > 接口内容加密方式”复制 AES 密钥。',
    },
  },
  'no-permission': {
    level: 'warn',
    what: { en: '{app} may not ask for payments: {said}', zh: '应用 {app} 没有支付查询权限：{said}' },
    why: { en: 'Keys are right, but payments will be refused.', zh: '密钥正确，但支付会被拒绝。' },
    mend: {
      en: 'Sign the payment product for this application in the console, and publish the application.',
      zh: '请在控制台为该应用签约支付产品，并上线应用。',
    },
  },
  refused: {
    level: 'error',
    what: { en: 'Alipay refuses {app}: {said}', zh: '支付宝拒绝应用 {app}：{said}' },
    why: requestsFail,
    mend: {
      en: 'The text above is Alipay’s own; the tool in its open platform console looks the code up.',
      zh: '以上为支付宝返回的原文，可在开放平台的错误码查询工具中查找。',
    },
  },
} as const satisfies Remarks

type Code = keyof typeof alipayGatewayRemarks

export const alipayGateway = check({
  id: 'alipay.gateway',
  title: { en: 'Alipay takes our signature, and we its', zh: '与支付宝双向验签通过' },
  network: true,
  remarks: alipayGatewayRemarks,
  run: (doctor, say) =>
    each(doctor, alipayAppsOf(doctor), async (app) => {
      skipIfKeysAreWrong(doctor, app)
      const plain = await verdict(doctor, app, say)
      if (plain.level !== 'ok' || app.aesKey === undefined) return [plain]
      const sealed = await verdict(doctor, app, say, { encrypt: true })
      return sealed.level === 'ok' ? [plain] : [sealed]
    }),
})

/** Throws {@link NotYet} when the keys themselves are wrong, so that their fault is not reported twice. */
function skipIfKeysAreWrong(doctor: Doctor, app: AlipayApp): void {
  const found = [
    ...onKeys(app, findingMaker(alipayKeysRemarks, [])),
    ...onCertificates(doctor, app, findingMaker(alipayCertificatesRemarks, [])),
  ]
  if (found.some(({ level }) => level === 'error')) throw new NotYet('settings-first')
}

/** Asks for an order that does not exist; 'there is none' comes signed, so it proves the keys of both sides. */
async function verdict(
  doctor: Doctor,
  app: AlipayApp,
  say: Say<Code>,
  how: { encrypt?: boolean } = {},
): Promise<Finding> {
  const good = say(canVerify(app) ? 'proved' : 'unproved', { app: app.appId })
  const bizContent = { out_trade_no: unknownOrderNumber(doctor) }
  const call = { method: 'alipay.trade.query', bizContent, repeat: 'safe', ...how } as const
  try {
    await callAlipay(
      { app, dependencies: doctor.operationContext() },
      canVerify(app) ? call : { ...call, unverified: 'allowed' },
    )
    return good
  } catch (error) {
    if (error instanceof NoAnswer || !(error instanceof OpenapiError)) throw error
    // The expected answer; without a signature it proves nothing, unless no key of Alipay's is set.
    const isSigned = error.outcome === 'failed' || !canVerify(app)
    if (error.errCode === 'ACQ.TRADE_NOT_EXIST' && isSigned) return good
    const code = codeOf(error)
    if (code === 'signature-refused' || code === 'clock') await skipIfClockIsWrong(doctor)
    return say(code === 'clock' ? 'refused' : code, { app: app.appId, said: errorText(error) })
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
