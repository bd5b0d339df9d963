import { alipayApps } from '../../../../shared/config/alipayApp.js'
import { type SettingName, settingInfo } from '../../../../shared/config/index.js'
import { sealingKey } from '../../../../shared/config/sealed.js'
import { invalidSetting, type Settings } from '../../../../shared/config/settings.js'
import { weixinMerchants } from '../../../../shared/config/weixinMerchant.js'
import { OpenapiError } from '../../../../shared/errors/index.js'
import { sealEvidence } from '../../../../shared/events/evidence.js'
import { delivererFor } from '../../../../shared/events/webhook.js'
import { pushAccounts } from '../../../../shared/message/account.js'
import { chooseProvider, notifyUrlFor } from '../../../../shared/payment/registry.js'
import { checkAddress } from '../../../../shared/store/mongodb/address.js'
import { apiSecurityOf } from '../../../../shared/weixin/apiSecurity.js'
import { weixinApps } from '../../../../shared/weixin/app.js'
import { hubKey, hubUrl } from '../../../../shared/weixin/token/hub.js'
import { weixinToken } from '../../../../shared/weixin/token/keeper.js'
import { check } from '../../check.js'
import { type Doctor, settingsFrom } from '../../doctor.js'
import type { Finding, Remarks, Say } from '../../finding.js'
import { textsOf } from './settingTexts.js'

export const settingsRemarks = {
  'well-formed': {
    level: 'ok',
    what: { en: '{count} settings are there and well formed', zh: '共读到 {count} 项配置，格式正确' },
  },
  nothing: {
    level: 'error',
    what: { en: 'no setting was found', zh: '没有读到任何配置' },
    why: {
      en: 'Without settings no function can call a provider.',
      zh: '没有配置，任何云函数都无法调用平台接口。',
    },
    mend: {
      en: 'Put them into .env or the environment, or name a file of settings with --env: on uniCloud, config.json of uni-config-center.',
      zh: '请写入 .env 或环境变量，或用 --env 指定配置文件：uniCloud 上是 uni-config-center 的 config.json。',
    },
  },
  malformed: {
    level: 'error',
    what: { en: '{name} is malformed: {problem}', zh: '{name} 的值格式不正确（{problem}）' },
    why: {
      en: 'Every function that needs it refuses to work.',
      zh: '所有用到它的云函数都会拒绝工作。',
    },
    mend: {
      en: 'It should look like: {example}. You find it at: {where}.',
      zh: '应形如：{example}。获取位置：{where}。',
    },
  },
  missing: {
    level: 'error',
    what: {
      en: '{name} is missing, although settings that only work together with it are there',
      zh: '缺少 {name}，而必须与它配套的配置已经存在',
    },
    why: {
      en: 'Half an account is none: what needs it refuses to work.',
      zh: '配置不完整，用到它的功能会拒绝工作。',
    },
    mend: {
      en: 'It should look like: {example}. You find it at: {where}.',
      zh: '应形如：{example}。获取位置：{where}。',
    },
  },
  'secret-odd': {
    level: 'warn',
    what: {
      en: '{name} does not look like an AppSecret, which has 32 lower-case hex digits',
      zh: '{name} 不像 AppSecret（应为 32 位小写十六进制）',
    },
    why: { en: 'WeChat will most likely refuse it.', zh: '微信很可能会拒绝它。' },
    mend: {
      en: 'Copy it again from the console; another key may have got into its place.',
      zh: '请从后台重新复制，检查是否误填了其他密钥。',
    },
  },
  'unknown-name': {
    level: 'warn',
    what: { en: '{name} is no setting', zh: '{name} 不是已知的配置项' },
    why: { en: 'Nobody reads it.', zh: '没有任何代码会读取它。' },
    mend: {
      en: 'Compare it with docs/settings.md, or remove it.',
      zh: '请对照 docs/settings.zh-CN.md 修正，或删除。',
    },
  },
  'misspelt-name': {
    level: 'warn',
    what: {
      en: '{name} is no setting; perhaps {near} is meant',
      zh: '{name} 不是已知的配置项，是否应为 {near}？',
    },
    why: { en: 'Nobody reads it.', zh: '没有任何代码会读取它。' },
    mend: { en: 'Rename it to {near}.', zh: '请改名为 {near}。' },
  },
} as const satisfies Remarks

type Read = (settings: Settings, doctor: Doctor) => unknown

/** Reads every setting with the code of the functions themselves, so that the same is refused, with the same text. */
const readers: readonly Read[] = [
  (settings) => weixinApps(settings),
  weixinMerchants,
  alipayApps,
  (settings, doctor) =>
    weixinApps(settings).map((app) => weixinToken(app, { ...doctor.operationContext(), settings })),
  (settings) => hubUrl(settings) !== undefined && hubKey(settings),
  (settings) => settings.get('TOKEN_HUB_KEY') !== undefined && hubKey(settings),
  (settings) => settings.get('WEIXIN_MESSAGE_TOKEN') !== undefined && pushAccounts('/', settings),
  (settings) => apiSecurityOf(settings.get('WEIXIN_APP_ID') ?? '', settings),
  (settings, doctor) => delivererFor({ ...doctor.operationContext(), settings }),
  (settings, { random }) => sealEvidence(Buffer.alloc(0), settings, random),
  (settings) =>
    settings.get('NOTIFY_BASE_URL') !== undefined && notifyUrlFor(settings, 'verifyPaymentNotify', SOMEBODY),
  (settings) => settings.get('PAYMENT_PROVIDER') !== undefined && chooseProvider(settings),
  (settings) => checkAddress(settings.get('MONGODB_URI') ?? 'mongodb://unset'),
  (settings) => shape(settings, 'WEIXIN_MESSAGE_TOKEN', /^[A-Za-z0-9]{3,32}$/),
  (settings) => sealing(settings),
]

const SOMEBODY = { provider: 'alipay', merchantId: '0' }

function shape(settings: Settings, name: SettingName, wanted: RegExp): void {
  const value = settings.get(name)
  if (value !== undefined && !wanted.test(value))
    throw invalidSetting(name, 'not in the shape it has to have')
}

function sealing(settings: Settings): void {
  const value = settings.get('SETTINGS_KEY')
  if (value !== undefined && !sealingKey(value))
    throw invalidSetting('SETTINGS_KEY', 'not 32 bytes as base64')
}

interface Fault {
  code: 'malformed' | 'missing'
  name: SettingName
  problem: string
}

export const settingsCheck = check({
  id: 'settings',
  title: { en: 'Settings are there and well formed', zh: '配置齐全且格式正确' },
  remarks: settingsRemarks,
  async run(doctor, say) {
    const count = Object.keys(settingInfo).filter((name) => doctor.values[name]).length
    const found = [...(await faults(doctor, say)), ...oddities(doctor, say)]
    if (found.length > 0) return found
    return [count === 0 ? say('nothing') : say('well-formed', { count })]
  },
})

async function faults(doctor: Doctor, say: Say<'malformed' | 'missing'>): Promise<Finding[]> {
  const found = new Map<string, Fault>()
  for (const read of readers) for (const fault of await faultsOf(read, doctor)) found.set(fault.name, fault)
  return [...found.values()].map(({ code, name, problem }) => say(code, { name, problem, ...textsOf(name) }))
}

/** Reads again without each setting that was refused, so that the first fault does not hide others. */
async function faultsOf(read: Read, doctor: Doctor): Promise<Fault[]> {
  const left = { ...doctor.values }
  const found: Fault[] = []
  for (;;) {
    const fault = await faultOf(read, settingsFrom(left), doctor)
    const isNew = fault && !found.some(({ name }) => name === fault.name)
    if (!fault || !isNew) return found
    found.push(fault)
    if (fault.code === 'missing') return found
    delete left[fault.name]
  }
}

async function faultOf(read: Read, settings: Settings, doctor: Doctor): Promise<Fault | undefined> {
  try {
    await read(settings, doctor)
    return undefined
  } catch (error) {
    if (!(error instanceof OpenapiError)) throw error
    const [, name = '', problem = ''] = /^(\w+):? (.*?)(?:\. It should look like|$)/s.exec(error.errMsg) ?? []
    if (!Object.hasOwn(settingInfo, name)) return undefined
    const code = error.errCode === 'MISSING_SETTING' ? 'missing' : 'malformed'
    return { code, name: name as SettingName, problem }
  }
}

function oddities(
  { values, unknownNames }: Doctor,
  say: Say<'secret-odd' | 'unknown-name' | 'misspelt-name'>,
): Finding[] {
  const odd = (['WEIXIN_APP_SECRET', 'WEIXIN_H5_APP_SECRET'] as const).filter((name) => {
    const value = values[name]?.trim()
    return value && !/^[0-9a-f]{32}$/.test(value)
  })
  return [
    ...odd.map((name) => say('secret-odd', { name })),
    ...unknownNames.map(({ name, near }) =>
      near === undefined ? say('unknown-name', { name }) : say('misspelt-name', { name, near }),
    ),
  ]
}
