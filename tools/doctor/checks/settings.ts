import { alipayApps } from '../../../shared/config/alipayApp.js'
import { type SettingName, settingInfo } from '../../../shared/config/index.js'
import { sealingKey } from '../../../shared/config/sealed.js'
import { invalidSetting, type Settings } from '../../../shared/config/settings.js'
import { weixinMerchants } from '../../../shared/config/weixinMerchant.js'
import { OpenapiError } from '../../../shared/errors/index.js'
import { sealEvidence } from '../../../shared/events/evidence.js'
import { delivererFor } from '../../../shared/events/webhook.js'
import { pushAccounts } from '../../../shared/message/account.js'
import { chooseProvider, notifyUrlFor } from '../../../shared/payment/registry.js'
import { apiSecurityOf } from '../../../shared/weixin/apiSecurity.js'
import { weixinApps } from '../../../shared/weixin/app.js'
import { hubKey, hubUrl } from '../../../shared/weixin/token/hub.js'
import { weixinToken } from '../../../shared/weixin/token/keeper.js'
import { check } from '../check.js'
import type { Finding, Say } from '../finding.js'
import { settingsRemarks } from '../remarks/settings.js'
import { wordsOf } from '../settingWords.js'
import { settingsOver, type World } from '../world.js'

type Read = (settings: Settings, world: World) => unknown

/** Reads every setting as the functions themselves do: what they refuse, they refuse here, in their own words. */
const readers: readonly Read[] = [
  (settings) => weixinApps(settings),
  weixinMerchants,
  alipayApps,
  (settings, world) => weixinApps(settings).map((app) => weixinToken(app, { ...world.context(), settings })),
  (settings) => hubUrl(settings) !== undefined && hubKey(settings),
  (settings) => settings.get('TOKEN_HUB_KEY') !== undefined && hubKey(settings),
  (settings) => settings.get('WEIXIN_MESSAGE_TOKEN') !== undefined && pushAccounts('/', settings),
  (settings) => apiSecurityOf(settings.get('WEIXIN_APP_ID') ?? '', settings),
  (settings, world) => delivererFor({ ...world.context(), settings }),
  (settings, { random }) => sealEvidence(Buffer.alloc(0), settings, random),
  (settings) =>
    settings.get('NOTIFY_BASE_URL') !== undefined && notifyUrlFor(settings, 'verifyPaymentNotify', SOMEBODY),
  (settings) => settings.get('PAYMENT_PROVIDER') !== undefined && chooseProvider(settings),
  (settings) => shape(settings, 'MONGODB_URI', /^mongodb(\+srv)?:\/\/[^\s/]/),
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
  async run(world, say) {
    const count = Object.keys(settingInfo).filter((name) => world.values[name]).length
    const found = [...(await faults(world, say)), ...oddities(world, say)]
    if (found.length > 0) return found
    return [count === 0 ? say('nothing') : say('well-formed', { count })]
  },
})

async function faults(world: World, say: Say<'malformed' | 'missing'>): Promise<Finding[]> {
  const found = new Map<string, Fault>()
  for (const read of readers) for (const fault of await faultsOf(read, world)) found.set(fault.name, fault)
  return [...found.values()].map(({ code, name, problem }) => say(code, { name, problem, ...wordsOf(name) }))
}

/** Reads again and again, each time without the setting that was refused: so the first one hides no other. */
async function faultsOf(read: Read, world: World): Promise<Fault[]> {
  const left = { ...world.values }
  const found: Fault[] = []
  for (;;) {
    const fault = await faultOf(read, settingsOver(left), world)
    const isNew = fault && !found.some(({ name }) => name === fault.name)
    if (!fault || !isNew) return found
    found.push(fault)
    if (fault.code === 'missing') return found
    delete left[fault.name]
  }
}

async function faultOf(read: Read, settings: Settings, world: World): Promise<Fault | undefined> {
  try {
    await read(settings, world)
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
  { values, unknownNames }: World,
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
