import { OpenapiError } from '../../../../shared/errors/index.js'
import type { WeixinApp } from '../../../../shared/weixin/app.js'
import { hubUrl } from '../../../../shared/weixin/token/hub.js'
import { check, each } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import type { Finding, Remarks, Say } from '../../finding.js'
import { errorText } from '../../skipped.js'
import { tokenApps, tokenOf } from './access.js'

export const weixinSecretRemarks = {
  accepted: {
    level: 'ok',
    what: { en: 'WeChat accepts {app} with its AppSecret', zh: '微信接受 {app} 及其 AppSecret' },
  },
  'hub-answers': {
    level: 'ok',
    what: {
      en: 'the token hub hands out the token of {app}',
      zh: 'token 中控可以提供 {app} 的 access_token',
    },
  },
  'app-unknown': {
    level: 'error',
    what: { en: 'WeChat knows no application {app} (40013)', zh: '微信没有 AppID {app}（40013）' },
    why: { en: 'No API can be called for it.', zh: '该应用的任何接口都无法调用。' },
    mend: {
      en: 'Copy the AppID again; that of another account may stand in its place.',
      zh: '请重新复制 AppID，检查是否误填了其他账号的 ID。',
    },
  },
  'secret-wrong': {
    level: 'error',
    what: {
      en: 'the AppSecret of {app} is wrong (40125 or 40001)',
      zh: '{app} 的 AppSecret 错误（40125 或 40001）',
    },
    why: {
      en: 'Neither logins nor access tokens are given out.',
      zh: '无法登录，也无法取得 access_token。',
    },
    mend: {
      en: 'A reset in the console kills the old one at once: copy the new one, or reset it and copy that.',
      zh: '在后台重置后旧值立即失效：请复制最新的 AppSecret，或重置后再复制。',
    },
  },
  'secret-frozen': {
    level: 'error',
    what: { en: 'the AppSecret of {app} is frozen (40243)', zh: '{app} 的 AppSecret 已被冻结（40243）' },
    why: { en: 'Neither logins nor access tokens are given out.', zh: '无法登录，也无法取得 access_token。' },
    mend: {
      en: 'Unfreeze it in the console under Development settings.',
      zh: '请在后台“开发设置”中解冻。',
    },
  },
  'address-refused': {
    level: 'error',
    what: {
      en: 'WeChat sees this machine as {address}, which is not in the IP allow-list of {app} (40164)',
      zh: '微信看到的本机出口 IP 为 {address}，不在 {app} 的 IP 白名单中（40164）',
    },
    why: {
      en: 'Tokens are refused to every address that is not listed. Cloud functions change theirs.',
      zh: '白名单之外的地址一律取不到 access_token，而云函数的出口 IP 会变化。',
    },
    mend: {
      en: 'Add {address} in the console, or give the functions a fixed egress address (a NAT gateway on Function Compute, the fixed IP of uniCloud) and list that. Run the doctor from where the functions run.',
      zh: '请在后台将 {address} 加入白名单，或为云函数配置固定出口 IP（函数计算用 NAT 网关，uniCloud 用固定出口 IP）后加入白名单，并在云函数所在网络中运行本命令。',
    },
  },
  'quota-used-up': {
    level: 'warn',
    what: {
      en: 'WeChat gives {app} no more tokens for now ({code})',
      zh: '微信暂时不再向 {app} 发放 access_token（{code}）',
    },
    why: {
      en: 'Somebody fetches a token at every call: once it ends, nothing works until the quota is back.',
      zh: '说明有程序每次调用都重新获取 token；额度用完后，现有 token 过期即全部失效。',
    },
    mend: {
      en: 'Find out who else uses this AppSecret, and let all of them read one store or the token hub.',
      zh: '请查明还有谁在使用该 AppSecret，并让它们共用同一数据库或 token 中控。',
    },
  },
  'no-secret': {
    level: 'warn',
    what: { en: '{app} has no AppSecret here', zh: '{app} 没有配置 AppSecret' },
    why: {
      en: 'It can take payments, but nobody can log in to it and no open API can be called.',
      zh: '可以用于支付，但无法登录，也无法调用开放接口。',
    },
    mend: {
      en: 'Set WEIXIN_APP_SECRET (WEIXIN_H5_APP_SECRET for an official account), or WEIXIN_TOKEN_HUB_URL.',
      zh: '请配置 WEIXIN_APP_SECRET（公众号为 WEIXIN_H5_APP_SECRET），或配置 WEIXIN_TOKEN_HUB_URL。',
    },
  },
  'hub-refused': {
    level: 'error',
    what: {
      en: 'the token hub gives no token of {app}: {said}',
      zh: 'token 中控没有给出 {app} 的 access_token：{said}',
    },
    why: { en: 'No open API can be called from here.', zh: '此环境无法调用开放接口。' },
    mend: {
      en: 'Compare TOKEN_HUB_KEY at both ends, name the application in TOKEN_HUB_APPS of the hub, check both clocks.',
      zh: '请核对两端的 TOKEN_HUB_KEY，在 token 中控的 TOKEN_HUB_APPS 中加入该应用，并检查两端时钟。',
    },
  },
  refused: {
    level: 'error',
    what: { en: 'WeChat gives {app} no token: {said}', zh: '微信没有向 {app} 发放 access_token：{said}' },
    why: { en: 'No open API can be called for it.', zh: '该应用的开放接口都无法调用。' },
    mend: {
      en: 'Look the code up in docs/errors.md.',
      zh: '请在 docs/errors.zh-CN.md 中查找该错误码。',
    },
  },
} as const satisfies Remarks

type Code = keyof typeof weixinSecretRemarks

/** By WeChat's own codes; any other refusal quotes WeChat's text. */
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
  run: (doctor, say) => each(doctor, tokenApps(doctor), async (app) => [await verdict(doctor, app, say)]),
})

async function verdict(doctor: Doctor, app: WeixinApp, say: Say<Code>): Promise<Finding> {
  const isHub = hubUrl(doctor.settings) !== undefined
  if (app.secret === undefined && !isHub) return say('no-secret', { app: app.appId })
  try {
    await tokenOf(doctor, app)
    return say(isHub ? 'hub-answers' : 'accepted', { app: app.appId })
  } catch (error) {
    if (!(error instanceof OpenapiError)) throw error
    if (/^UPSTREAM_/.test(String(error.errCode)) || error.errCode === -1) throw error
    return refusal(app, error, isHub ? 'hub-refused' : (codes[error.errCode] ?? 'refused'), say)
  }
}

function refusal({ appId }: WeixinApp, error: OpenapiError, code: Code, say: Say<Code>): Finding {
  const address = /invalid ip ([0-9a-f.:]+)/i.exec(error.errMsg)?.[1] ?? '?'
  return say(code, { app: appId, address, code: error.errCode, said: errorText(error) })
}
