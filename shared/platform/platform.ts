import type { SettingName, Settings } from '../config/index.js'
import { alipayAppSettings } from '../config/providerSettings.js'
import { invalidParam } from '../errors/index.js'
import { choice, object, optional } from '../operation/fields.js'
import { type Context, validate } from '../operation/index.js'
import { weixinAppSettings } from '../weixin/app.js'

/** Where mini programs live. */
export const platforms = ['weixin', 'alipay'] as const

export type Platform = (typeof platforms)[number]

/** In which settings the applications of a platform are described. */
export const platformSettings: Readonly<Record<Platform, readonly SettingName[]>> = {
  weixin: weixinAppSettings,
  alipay: alipayAppSettings,
}

/** The input field by which a call says which platform it means. */
export const platformField = optional(
  choice(platforms, 'the platform; by default that of the application, of the login or of the client'),
)

/** The same, for whoever has to know before the whole input is checked. INVALID_PARAM. */
export const namedPlatform = (platform: unknown): Platform | undefined =>
  validate(object({ platform: platformField }), { platform }).platform

/**
 * The platform a call means: the one it names, else that of the application it names or of its login, else the one the
 * client runs on, else the only one in the settings. What a client states about itself only chooses: a code
 * of one platform is not valid on the other, and a login on one does not count on the other.
 */
export function platformOf(
  named: Platform | undefined,
  { appId, session, client, settings }: Context,
): Platform {
  if (named !== undefined && session && named !== session.provider)
    throw invalidParam('platform', `not the one of this login, which is ${session.provider}`)
  return named ?? ofApp(appId) ?? session?.provider ?? ofClient(client?.platform) ?? ofSettings(settings)
}

/** The application ids of the two platforms have different shapes. */
function ofApp(appId = ''): Platform | undefined {
  if (/^wx/.test(appId)) return 'weixin'
  return /^\d{16}$/.test(appId) ? 'alipay' : undefined
}

/** Under uni-app's names. */
const clients: ReadonlyMap<string, Platform> = new Map([
  ['mp-weixin', 'weixin'],
  ['h5-weixin', 'weixin'],
  ['mp-alipay', 'alipay'],
])

const ofClient = (name = ''): Platform | undefined => clients.get(name)

const described: Readonly<Record<Platform, readonly SettingName[]>> = {
  weixin: ['WEIXIN_APP_ID', 'WEIXIN_H5_APP_ID', 'WEIXIN_APPS'],
  alipay: ['ALIPAY_APP_ID', 'ALIPAY_APPS'],
}

function ofSettings(settings: Settings): Platform {
  const declared = (platform: Platform) => described[platform].filter((name) => settings.declares(name))
  const isSet = (platform: Platform) => declared(platform).some((name) => settings.get(name) !== undefined)
  if (declared('weixin').length === 0) return 'alipay'
  return isSet('alipay') && !isSet('weixin') ? 'alipay' : 'weixin'
}
