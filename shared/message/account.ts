import { invalidSetting, type SettingName, type Settings } from '../config/index.js'
import { type WeixinApp, weixinAppSettings, weixinApps } from '../weixin/app.js'
import { pushKey } from './crypto.js'

/** One application that WeChat pushes messages for. */
export interface PushAccount {
  appId: string
  /** The shared secret of the signature. */
  token: string
  /** Where it is set, only encrypted messages count. */
  key?: Buffer
}

export const accountSettings: readonly SettingName[] = [
  ...weixinAppSettings,
  'WEIXIN_MESSAGE_TOKEN',
  'WEIXIN_MESSAGE_AES_KEY',
]

/**
 * The applications a call may be for: the one its path ends with (`/messageNotify/wx0123456789abcdef`), else all
 * there are. The path chooses keys and proves nothing. MISSING_SETTING when none of them has a token.
 */
export function pushAccounts(path: string, settings: Settings): PushAccount[] {
  const named = /\/(wx[0-9a-f]{16})\/?$/.exec(path)?.[1]
  const accounts = weixinApps(settings).flatMap((app) => accountOf(app, settings))
  if (accounts.length === 0) throw settings.missing('WEIXIN_MESSAGE_TOKEN')
  return accounts.filter(({ appId }) => named === undefined || appId === named)
}

/** An application with a token of its own has a key of its own, or none. */
function accountOf({ appId, messageToken, messageAesKey }: WeixinApp, settings: Settings): PushAccount[] {
  const token = messageToken ?? settings.get('WEIXIN_MESSAGE_TOKEN')
  if (token === undefined) return []
  const given = messageToken === undefined ? settings.get('WEIXIN_MESSAGE_AES_KEY') : messageAesKey
  if (given === undefined) return [{ appId, token }]
  const key = pushKey(given)
  if (key) return [{ appId, token, key }]
  const setting = messageToken === undefined ? 'WEIXIN_MESSAGE_AES_KEY' : 'WEIXIN_APPS'
  throw invalidSetting(setting, 'a message key of other than 43 letters and digits')
}
