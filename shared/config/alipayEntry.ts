import * as v from 'valibot'
import { fileText } from './fileSetting.js'
import type { SettingName } from './names.js'
import { invalidSetting, type Settings } from './settings.js'
import { shaped } from './shaped.js'

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
export type AlipayEntry = v.InferOutput<typeof entry>

const files = ['privateKey', 'publicKey', 'appCert', 'publicCert', 'rootCert'] as const

/** The application that has settings of its own; none is there without an id. */
export function singleEntry(settings: Settings): AlipayEntry[] {
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
export function listedEntries(settings: Settings): AlipayEntry[] {
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
