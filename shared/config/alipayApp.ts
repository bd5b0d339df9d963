import * as v from 'valibot'
import { openapiError, UNKNOWN_APP } from '../errors/index.js'
import { fileText } from './fileSetting.js'
import type { SettingName } from './names.js'
import { invalidSetting, type Settings, shaped } from './settings.js'

const appId = v.pipe(v.string(), v.regex(/^\d{16}$/))
const sellerId = v.pipe(v.string(), v.regex(/^2088\d{12}$/))
const aesKey = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{22}==$/))
const signType = v.picklist(['RSA2', 'RSA'])
const file = v.optional(v.pipe(v.string(), v.minLength(1)))
const entry = v.strictObject({
  appId,
  kind: v.optional(v.picklist(['mp', 'app'])),
  privateKey: file,
  publicKey: file,
  appCert: file,
  publicCert: file,
  rootCert: file,
  sellerId: v.optional(sellerId),
  aesKey: v.optional(aesKey),
  signType: v.optional(signType, 'RSA2'),
})

/** One application as settings write it, its files as texts. */
type AlipayEntry = v.InferOutput<typeof entry>

const files = ['privateKey', 'publicKey', 'appCert', 'publicCert', 'rootCert'] as const

/** The application that has settings of its own; none is there without an id. */
function singleEntry(settings: Settings): AlipayEntry[] {
  const id = shaped(settings, 'ALIPAY_APP_ID', appId)
  if (id === undefined) return []
  const text = (name: SettingName) => {
    const value = settings.get(name)
    return value === undefined ? undefined : fileText(name, value)
  }
  const single = {
    appId: id,
    privateKey: text('ALIPAY_PRIVATE_KEY'),
    publicKey: text('ALIPAY_PUBLIC_KEY'),
    appCert: text('ALIPAY_APP_CERT'),
    publicCert: text('ALIPAY_PUBLIC_CERT'),
    rootCert: text('ALIPAY_ROOT_CERT'),
    sellerId: shaped(settings, 'ALIPAY_SELLER_ID', sellerId),
    aesKey: shaped(settings, 'ALIPAY_AES_KEY', aesKey),
    signType: shaped(settings, 'ALIPAY_SIGN_TYPE', signType) ?? 'RSA2',
  }
  return [single]
}

/** Those of ALIPAY_APPS. */
function listedEntries(settings: Settings): AlipayEntry[] {
  const text = settings.get('ALIPAY_APPS')
  if (text === undefined) return []
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), v.array(entry)), text)
  if (!success) {
    const keys = Object.keys(entry.entries).join(', ')
    throw invalidSetting('ALIPAY_APPS', `not a JSON list of objects with appId and any of ${keys}`)
  }
  return output.map((each) => ({ ...each, ...filesOf(each) }))
}

function filesOf(each: AlipayEntry): Partial<AlipayEntry> {
  const texts = files.flatMap((part) => {
    const value = each[part]
    return value === undefined ? [] : [[part, fileText('ALIPAY_APPS', value)]]
  })
  return Object.fromEntries(texts)
}

/** `mp` mini program, `app` mobile application. */
export type AlipayAppKind = NonNullable<AlipayEntry['kind']>

/** RSA2 is RSA with SHA-256; RSA, with SHA-1, is for contracts older than 2016. */
type AlipaySignType = AlipayEntry['signType']

/** The texts of the three files of certificate mode. */
export interface AlipayCertificates {
  app: string
  alipay: string
  root: string
}

/** One Alipay application: who it is, the key it signs with, and those that verify Alipay's signatures. */
export interface AlipayApp {
  appId: string
  /** Absent: it serves payers in mini programs and in apps. */
  kind?: AlipayAppKind
  privateKey?: string
  /** Alipay's own public key, in key mode. */
  publicKey?: string
  certificates?: AlipayCertificates
  /** The account that is paid; notices about another one are refused. */
  sellerId?: string
  /** Base64 of 16 bytes, for encrypted content. */
  aesKey?: string
  signType: AlipaySignType
  /** Where Alipay answers; the local platforms' address in the local cloud. */
  gateway: string
}

export const ALIPAY_GATEWAY = 'https://openapi.alipay.com/gateway.do'
export const ALIPAY_SANDBOX_GATEWAY = 'https://openapi-sandbox.dl.alipaydev.com/gateway.do'

const gatewayUrl = v.pipe(v.string(), v.regex(/^https?:\/\/[^/?#]+\/[^?#]*$/))

/** All applications in the settings: the one with settings of its own first, then those of ALIPAY_APPS. */
export function alipayApps(settings: Settings): AlipayApp[] {
  const gateway = shaped(settings, 'ALIPAY_GATEWAY_URL', gatewayUrl) ?? ALIPAY_GATEWAY
  return [
    ...singleEntry(settings).map((entry) => appOf(entry, gateway, 'ALIPAY_APP_CERT')),
    ...listedEntries(settings).map((entry) => appOf(entry, gateway, 'ALIPAY_APPS')),
  ]
}

/** The application a call is about: the one it names, else the first that serves payers of this kind. */
export function alipayApp(settings: Settings, kind?: AlipayAppKind, wanted?: string): AlipayApp {
  const serves = (app: AlipayApp) =>
    wanted === undefined
      ? kind === undefined || app.kind === undefined || app.kind === kind
      : app.appId === wanted
  const found = alipayApps(settings).find(serves)
  if (found) return found
  if (wanted === undefined) throw settings.missing('ALIPAY_APP_ID')
  throw openapiError(UNKNOWN_APP, { setting: 'ALIPAY_APPS' })
}

function appOf(entry: AlipayEntry, gateway: string, place: SettingName): AlipayApp {
  const { appCert: app, publicCert: alipay, rootCert: root, ...rest } = entry
  if (app === undefined && alipay === undefined && root === undefined) return { ...rest, gateway }
  if (app === undefined || alipay === undefined || root === undefined) {
    throw invalidSetting(
      place,
      'certificate mode needs three files: ALIPAY_APP_CERT, ALIPAY_PUBLIC_CERT and ALIPAY_ROOT_CERT',
    )
  }
  return { ...rest, gateway, certificates: { app, alipay, root } }
}
