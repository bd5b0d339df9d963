import { invalidSetting, type SettingName, type Settings } from '../config/index.js'
import { openapiError, UNKNOWN_APP } from '../errors/index.js'

/** One WeChat application and the credentials its calls need. */
export interface WeixinApp {
  appId: string
  /** Absent when the caller brings tokens of its own. */
  secret?: string
  kind: WeixinAppKind
  /** Of its message push, where that is another one than WEIXIN_MESSAGE_TOKEN and WEIXIN_MESSAGE_AES_KEY. */
  messageToken?: string
  messageAesKey?: string
}

/** `mp` mini program, `app` mobile application, `h5` official account. */
export type WeixinAppKind = 'mp' | 'app' | 'h5'

/** The settings in which WeChat applications may be described. */
export const weixinAppSettings: readonly SettingName[] = [
  'WEIXIN_APP_ID',
  'WEIXIN_APP_SECRET',
  'WEIXIN_H5_APP_ID',
  'WEIXIN_H5_APP_SECRET',
  'WEIXIN_APPS',
  'WEIXIN_TOKEN_MODE',
  'WEIXIN_API_BASE_URL',
  'WEIXIN_TOKEN_HUB_URL',
  'TOKEN_HUB_KEY',
  'WEIXIN_API_SYMMETRIC_KEY',
  'WEIXIN_API_SYMMETRIC_KEY_SN',
  'WEIXIN_API_PRIVATE_KEY',
  'WEIXIN_API_CERT',
  'WEIXIN_API_CERT_SN',
]

/** All applications in the settings, the mini program first; of one that is described twice, the first description counts. */
export function weixinApps(settings: Settings): WeixinApp[] {
  const described = [
    ...single(settings, 'mp', 'WEIXIN_APP_ID', 'WEIXIN_APP_SECRET'),
    ...single(settings, 'h5', 'WEIXIN_H5_APP_ID', 'WEIXIN_H5_APP_SECRET'),
    ...listed(settings),
  ]
  return described.filter(({ appId }, i) => described.findIndex((app) => app.appId === appId) === i)
}

/** The application a call is about: the one it names, else the first of its kind. */
export function weixinApp(settings: Settings, kind: WeixinAppKind, appId?: string): WeixinApp {
  const apps = weixinApps(settings)
  const found = apps.find((app) => (appId === undefined ? app.kind === kind : app.appId === appId))
  if (found) return found
  if (appId === undefined) throw settings.missing(kind === 'h5' ? 'WEIXIN_H5_APP_ID' : 'WEIXIN_APP_ID')
  throw openapiError(UNKNOWN_APP, { setting: 'WEIXIN_APPS' })
}

function single(settings: Settings, kind: WeixinAppKind, id: SettingName, secret: SettingName): WeixinApp[] {
  const appId = settings.get(id)
  if (!appId) return []
  if (!/^wx[0-9a-f]{16}$/.test(appId)) throw invalidSetting(id, 'not an application id')
  const known = settings.get(secret)
  return [{ appId, kind, ...(known === undefined ? {} : { secret: known }) }]
}

function listed(settings: Settings): WeixinApp[] {
  const text = settings.get('WEIXIN_APPS')
  if (!text) return []
  let apps: unknown
  try {
    apps = JSON.parse(text)
  } catch {
    throw invalidSetting('WEIXIN_APPS', 'not JSON')
  }
  if (!Array.isArray(apps) || !apps.every(isApp)) {
    throw invalidSetting('WEIXIN_APPS', 'expected a list of { appId, secret, kind } with kind mp, app or h5')
  }
  return apps.map(({ appId, secret, kind = 'mp', messageToken, messageAesKey }) => ({
    appId,
    kind,
    ...(secret ? { secret } : {}),
    ...(messageToken ? { messageToken } : {}),
    ...(messageAesKey ? { messageAesKey } : {}),
  }))
}

type ListedApp = Omit<WeixinApp, 'kind'> & Partial<Pick<WeixinApp, 'kind'>>

function isApp(value: unknown): value is ListedApp {
  const { appId, kind, ...texts } = (value ?? {}) as Record<string, unknown>
  const { secret, messageToken, messageAesKey } = texts
  return (
    typeof appId === 'string' &&
    /^wx[0-9a-f]{16}$/.test(appId) &&
    [secret, messageToken, messageAesKey].every((text) => text === undefined || typeof text === 'string') &&
    (kind === undefined || kind === 'mp' || kind === 'app' || kind === 'h5')
  )
}
