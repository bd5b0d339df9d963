import { configCenterSource, type SettingName, type SettingSource } from '../../config/index.js'
import { invalidParam } from '../../errors/index.js'
import type { CommonOptions } from '../instance.js'
import type { OptionNames } from '../options.js'

/** A WeChat application as uni-id and vk-unicloud write it. Empty texts count as left out, as in their templates. */
export interface VkWeixinApp {
  appid?: string
  appsecret?: string
}

/** An Alipay application likewise; the last two are needed to believe what Alipay answers and to read phone numbers. */
export interface VkAlipayApp {
  appid?: string
  privateKey?: string
  alipayPublicKey?: string
  aesKey?: string
}

/** A picture that somebody wants checked. */
export interface VkPicture {
  contentType: string
  buffer: Buffer
}

/**
 * The content of `uni-id/config.json`, of which only the applications are read, together with that of
 * `vk-unicloud/index.js`. On uniCloud what is left out is looked for in uni-config-center.
 */
export interface VkOptions extends CommonOptions {
  'mp-weixin'?: { oauth?: { weixin?: VkWeixinApp } }
  'app-plus'?: { oauth?: { weixin?: VkWeixinApp } }
  'h5-weixin'?: { oauth?: { weixin?: VkWeixinApp } }
  'mp-alipay'?: { oauth?: { alipay?: VkAlipayApp } }
  vk?: { oauth?: { weixin?: { list?: VkWeixinApp[] }; alipay?: { list?: VkAlipayApp[] } } }
  tokenMode?: 'stable' | 'plain'
  endpoints?: { weixinApi?: string; alipayGateway?: string }
  /**
   * Puts a picture where WeChat can fetch it and answers its address. The newer content check takes addresses only, so
   * without this it has to be given `media_url`.
   */
  uploadImage?(picture: VkPicture): Promise<string>
}

/** What every method takes beside its own parameters. */
export interface PerCallApp {
  appid?: string | undefined
  /** WeChat's. */
  appsecret?: string | undefined
  /** Alipay's. */
  privateKey?: string | undefined
}

/** The same words in errors. */
export const vkNames: OptionNames = {
  WEIXIN_APP_ID: 'mp-weixin.oauth.weixin.appid',
  WEIXIN_APP_SECRET: 'mp-weixin.oauth.weixin.appsecret',
  WEIXIN_H5_APP_ID: 'h5-weixin.oauth.weixin.appid',
  WEIXIN_H5_APP_SECRET: 'h5-weixin.oauth.weixin.appsecret',
  WEIXIN_APPS: 'vk.oauth.weixin.list',
  WEIXIN_TOKEN_MODE: 'tokenMode',
  WEIXIN_API_BASE_URL: 'endpoints.weixinApi',
  ALIPAY_APP_ID: 'mp-alipay.oauth.alipay.appid',
  ALIPAY_PRIVATE_KEY: 'mp-alipay.oauth.alipay.privateKey',
  ALIPAY_PUBLIC_KEY: 'mp-alipay.oauth.alipay.alipayPublicKey',
  ALIPAY_AES_KEY: 'mp-alipay.oauth.alipay.aesKey',
  ALIPAY_APPS: 'vk.oauth.alipay.list',
  ALIPAY_GATEWAY_URL: 'endpoints.alipayGateway',
}

type Texts = Partial<Record<SettingName, string | undefined>>

const source = (label: string, texts: Texts): SettingSource => ({ label, read: (name) => texts[name] })

/** Where a call's settings are found. Credentials of the call's own stand alone, so that no other application's mix in. */
export function vkSources(options: VkOptions, { appid, appsecret, privateKey }: PerCallApp): SettingSource[] {
  const common = commonTexts(options)
  if (appsecret === undefined && privateKey === undefined) {
    return [source('vk options', { ...common, ...configured(options) }), configCenterSource()]
  }
  if (appid === undefined) throw invalidParam('appid', 'required together with credentials')
  const own: Texts =
    appsecret === undefined
      ? { ALIPAY_APP_ID: appid, ALIPAY_PRIVATE_KEY: privateKey }
      : { WEIXIN_APP_ID: appid, WEIXIN_APP_SECRET: appsecret }
  return [source('the parameters of the call', { ...common, ...own })]
}

const commonTexts = ({ tokenMode, endpoints }: VkOptions): Texts => ({
  WEIXIN_TOKEN_MODE: tokenMode,
  WEIXIN_API_BASE_URL: endpoints?.weixinApi,
  ALIPAY_GATEWAY_URL: endpoints?.alipayGateway,
})

function configured(options: VkOptions): Texts {
  const mini = options['mp-weixin']?.oauth?.weixin
  const official = options['h5-weixin']?.oauth?.weixin
  const alipay = options['mp-alipay']?.oauth?.alipay
  return {
    WEIXIN_APP_ID: mini?.appid,
    WEIXIN_APP_SECRET: mini?.appsecret,
    WEIXIN_H5_APP_ID: official?.appid,
    WEIXIN_H5_APP_SECRET: official?.appsecret,
    WEIXIN_APPS: asList([
      weixinApp('app', options['app-plus']?.oauth?.weixin),
      ...(options.vk?.oauth?.weixin?.list ?? []).map((app) => weixinApp('mp', app)),
    ]),
    ALIPAY_APP_ID: alipay?.appid,
    ALIPAY_PRIVATE_KEY: alipay?.privateKey,
    ALIPAY_PUBLIC_KEY: alipay?.alipayPublicKey,
    ALIPAY_AES_KEY: alipay?.aesKey,
    ALIPAY_APPS: asList((options.vk?.oauth?.alipay?.list ?? []).map(alipayApp)),
  }
}

const weixinApp = (kind: 'mp' | 'app', app: VkWeixinApp | undefined): object | undefined =>
  app?.appid ? { appId: app.appid, secret: app.appsecret, kind } : undefined

const alipayApp = ({ appid, privateKey, alipayPublicKey, aesKey }: VkAlipayApp): object | undefined =>
  appid ? { appId: appid, privateKey, publicKey: alipayPublicKey, aesKey } : undefined

function asList(apps: (object | undefined)[]): string | undefined {
  const given = apps.filter((app) => app !== undefined)
  return given.length > 0 ? JSON.stringify(given) : undefined
}
