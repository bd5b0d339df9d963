import { configCenterSource, type SettingInfo, type SettingSource, settingInfo } from '../../config/index.js'
import { changed, invalidParam, type OpenapiError } from '../../errors/index.js'
import type { KnownOptions } from '../checkOptions.js'
import type { CommonOptions } from '../instance.js'
import { endpointNames, type OptionNames, optionSource, valueAt, withOptionNames } from '../options.js'

/** A WeChat application as uni-id and vk-unicloud write it. Empty texts count as left out, as in their templates. */
interface VkWeixinApp {
  appid?: string
  appsecret?: string
}

/** An Alipay application likewise; the last two are needed to verify Alipay's answers and to decrypt phone numbers. */
interface VkAlipayApp {
  appid?: string
  privateKey?: string
  alipayPublicKey?: string
  aesKey?: string
}

/** A picture to be checked. */
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

/** Those that uni-id and vk-unicloud have no place for. */
const ownNames: OptionNames = {
  ...endpointNames,
  WEIXIN_TOKEN_MODE: 'tokenMode',
  ALIPAY_PUBLIC_KEY: 'mp-alipay.oauth.alipay.alipayPublicKey',
  ALIPAY_AES_KEY: 'mp-alipay.oauth.alipay.aesKey',
}

/** What errors call the settings: the place in these options that stands for each. */
export const vkNames: OptionNames = { ...placesOfSettings(), ...ownNames }

function placesOfSettings(): OptionNames {
  const places = Object.entries(settingInfo).map(([name, { uniId, vkList }]: [string, SettingInfo]) => [
    name,
    uniId?.[0] ?? (vkList && `vk.oauth.${vkList.of}.list`),
  ])
  return Object.fromEntries(places.filter(([, place]) => place !== undefined)) as OptionNames
}

/** The same error under vk's names: an account in a list has others there than in our setting. */
export function withVkNames(error: unknown): OpenapiError {
  const named = withOptionNames(error, vkNames)
  const list = lists.find(({ place }) => named.errMsg.startsWith(`${place}: `))
  if (list === undefined || named.errCode !== 'INVALID_SETTING') return named
  return changed(named, { errMsg: `${list.place}: expected a list of { ${list.fields.join(', ')} }` })
}

const lists = Object.values(settingInfo).flatMap(({ vkList }: SettingInfo) =>
  vkList ? [{ place: `vk.oauth.${vkList.of}.list`, fields: Object.keys(vkList.fields) }] : [],
)

/** Where any of it may stand, in uni-id's file, in vk-unicloud's and here. */
export const knownVkOptions: KnownOptions = {
  sample: "vk({ 'mp-weixin': { oauth: { weixin: { appid, appsecret } } } })",
  paths: [
    ...Object.values(settingInfo).flatMap(({ uniId = [] }: SettingInfo) => uniId),
    ...Object.values(vkNames),
    ...['timeout', 'store', 'uploadImage'],
  ],
}

/** Where a call's settings are found. Credentials of the call's own stand alone, so that no other application's mix in. */
export function vkSources(options: VkOptions, { appid, appsecret, privateKey }: PerCallApp): SettingSource[] {
  if (appsecret === undefined && privateKey === undefined) {
    return [givenSource(options), configCenterSource()]
  }
  if (appid === undefined) throw invalidParam('appid', 'required together with credentials')
  const { endpoints, tokenMode } = options
  const given = { appid, appsecret, privateKey, endpoints, tokenMode }
  const names = { ...ownNames, ...(appsecret === undefined ? ofAlipay : ofWeixin) }
  return [optionSource('the parameters of the call', given, names)]
}

const ofWeixin: OptionNames = { WEIXIN_APP_ID: 'appid', WEIXIN_APP_SECRET: 'appsecret' }
const ofAlipay: OptionNames = { ALIPAY_APP_ID: 'appid', ALIPAY_PRIVATE_KEY: 'privateKey' }

/** The options, read as uni-config-center would read the same files. */
function givenSource(options: VkOptions): SettingSource {
  const own = optionSource('vk options', options, ownNames)
  const files = configCenterSource((pluginId) => ({
    config: (path = '') => (pluginId === 'uni-id' ? valueAt(options, path) : undefined),
    requireFile: () => options,
  }))
  return { label: own.label, read: (name, info) => own.read(name, info) ?? files.read(name, info) }
}
