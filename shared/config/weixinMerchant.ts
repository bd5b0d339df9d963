import * as v from 'valibot'
import { fileText } from './fileSetting.js'
import { invalidSetting, type Settings, shaped } from './settings.js'

/** 32 bytes, every one a printable ASCII character. */
const apiKey = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{32}$/))
const serialNo = v.pipe(v.string(), v.regex(/^[0-9A-Fa-f]{8,40}$/), v.toUpperCase())
const publicKeyId = v.pipe(v.string(), v.regex(/^PUB_KEY_ID_\w{1,64}$/))
const file = v.pipe(v.string(), v.minLength(1))

/** How WEIXIN_MERCHANTS describes the V3 side of a merchant. */
const v3Entry = v.strictObject({
  key: apiKey,
  serialNo,
  privateKey: file,
  publicKeys: v.optional(v.array(v.strictObject({ id: publicKeyId, key: file })), []),
})

/**
 * What WeChat Pay V3 needs of a merchant. Keys are texts as they were set (PEM, base64 or a path): they are read when
 * they are used, since a function that only checks notices never signs.
 */
export interface WeixinV3Credentials {
  /** The APIv3 key: opens notices and certificates. */
  key: string
  /** Of the merchant's own API certificate, upper-case hex. */
  serialNo: string
  privateKey: string
  /** WeChat Pay public keys, the one in use first. Empty: platform certificates alone. */
  publicKeys: { id: string; key: string }[]
}

/** The V3 side of the single merchant; undefined when none of its three settings is there, an error when only some are. */
function v3Credentials(settings: Settings): WeixinV3Credentials | undefined {
  const key = shaped(settings, 'WEIXIN_PAY_V3_KEY', apiKey)
  const serial = shaped(settings, 'WEIXIN_PAY_SERIAL_NO', serialNo)
  const privateKey = settings.get('WEIXIN_PAY_PRIVATE_KEY')
  if (key === undefined && serial === undefined && privateKey === undefined) return undefined
  if (key === undefined) throw settings.missing('WEIXIN_PAY_V3_KEY')
  if (serial === undefined) throw settings.missing('WEIXIN_PAY_SERIAL_NO')
  if (privateKey === undefined) throw settings.missing('WEIXIN_PAY_PRIVATE_KEY')
  return { key, serialNo: serial, privateKey, publicKeys: publicKeys(settings) }
}

function publicKeys(settings: Settings): WeixinV3Credentials['publicKeys'] {
  const id = shaped(settings, 'WEIXIN_PAY_PUBLIC_KEY_ID', publicKeyId)
  const key = settings.get('WEIXIN_PAY_PUBLIC_KEY')
  if (id === undefined && key === undefined) return []
  if (id === undefined) throw settings.missing('WEIXIN_PAY_PUBLIC_KEY_ID')
  if (key === undefined) throw settings.missing('WEIXIN_PAY_PUBLIC_KEY')
  return [{ id, key }]
}

const mchId = v.pipe(v.string(), v.regex(/^\d{8,12}$/))
const key = v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{32}$/))
const signType = v.picklist(['MD5', 'HMAC-SHA256'])
const appId = v.pipe(v.string(), v.regex(/^wx[0-9a-f]{16}$/))
const baseUrl = v.pipe(v.string(), v.regex(/^https?:\/\/[^/?#]+(\/[^?#]*)?$/))
const app = v.strictObject({ appId, kind: v.picklist(['mp', 'app', 'h5']) })
const entries = v.array(
  v.strictObject({
    mchId,
    key: v.optional(key),
    signType: v.optional(signType, 'MD5'),
    pfx: v.optional(file),
    cert: v.optional(file),
    certKey: v.optional(file),
    v3: v.optional(v3Entry),
    apps: v.optional(v.pipe(v.array(app), v.minLength(1))),
  }),
)

/** WeChat Pay V2's signature algorithms; both sign with the V2 key. */
export type WeixinSignType = v.InferOutput<typeof signType>

/** An application that may take payments for a merchant. `mp` mini program, `app` mobile, `h5` official account. */
export type WeixinPayApp = v.InferOutput<typeof app>

/** One WeChat Pay merchant: who it is, which applications pay to it, and the secrets of each API version. */
export interface WeixinMerchant {
  mchId: string
  apps: readonly WeixinPayApp[]
  /** Where WeChat Pay answers; the local platforms' address in the local cloud. No slash at the end. */
  baseUrl: string
  /** PEM: who certifies the server at `baseUrl`, where that is not one of the usual authorities. */
  ca?: string
  /** The V2 key, 32 letters and digits. */
  key?: string
  /** The only V2 algorithm that is used and accepted. */
  signType: WeixinSignType
  /**
   * V2's client certificate as it was set (PEM, base64 or a path): one `.p12` file, or the two PEM files. Read where it
   * is used. The single merchant's is absent where the operation does not declare its settings.
   */
  pfx?: string
  cert?: string
  certKey?: string
  v3?: WeixinV3Credentials
}

/**
 * All merchants in the settings: the one with settings of its own first, then those of WEIXIN_MERCHANTS, a list of
 * `{ mchId, key, signType?, pfx?, cert?, certKey?, v3?, apps? }` in which `apps` defaults to the applications of the
 * single settings.
 */
export function weixinMerchants(settings: Settings): WeixinMerchant[] {
  const url = shaped(settings, 'WEIXIN_PAY_BASE_URL', baseUrl) ?? 'https://api.mch.weixin.qq.com'
  const ca = settings.get('WEIXIN_PAY_CA')
  const shared = {
    apps: ownApps(settings),
    baseUrl: url.replace(/\/+$/, ''),
    ...(ca === undefined ? {} : { ca: fileText('WEIXIN_PAY_CA', ca) }),
  }
  return [...single(settings), ...listed(settings)].map((merchant) => ({ ...shared, ...merchant }))
}

function single(settings: Settings): v.InferOutput<typeof entries> {
  const id = shaped(settings, 'WEIXIN_MCH_ID', mchId)
  if (id === undefined) return []
  const known = shaped(settings, 'WEIXIN_PAY_KEY', key)
  const v3 = v3Credentials(settings)
  return [
    {
      mchId: id,
      signType: shaped(settings, 'WEIXIN_PAY_SIGN_TYPE', signType) ?? 'MD5',
      ...(known === undefined ? {} : { key: known }),
      ...ownCertificate(settings),
      ...(v3 === undefined ? {} : { v3 }),
    },
  ]
}

function ownCertificate(settings: Settings): Pick<WeixinMerchant, 'pfx' | 'cert' | 'certKey'> {
  const places = [
    ['pfx', 'WEIXIN_PAY_PFX'],
    ['cert', 'WEIXIN_PAY_CERT'],
    ['certKey', 'WEIXIN_PAY_CERT_KEY'],
  ] as const
  const parts = places.flatMap(([part, name]) => {
    const value = settings.declares(name) ? settings.get(name) : undefined
    return value === undefined ? [] : [[part, value]]
  })
  return Object.fromEntries(parts)
}

function listed(settings: Settings): v.InferOutput<typeof entries> {
  const text = settings.get('WEIXIN_MERCHANTS')
  if (text === undefined) return []
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), entries), text)
  if (success) return output
  throw invalidSetting(
    'WEIXIN_MERCHANTS',
    'not a JSON list of { mchId, key, signType, pfx, cert, certKey, ' +
      'v3: { key, serialNo, privateKey, publicKeys: [{ id, key }] }, apps: [{ appId, kind }] }',
  )
}

function ownApps(settings: Settings): WeixinPayApp[] {
  const places = [
    ['mp', 'WEIXIN_APP_ID'],
    ['app', 'WEIXIN_OPEN_APP_ID'],
    ['h5', 'WEIXIN_H5_APP_ID'],
  ] as const
  return places.flatMap(([kind, name]) => {
    const id = shaped(settings, name, appId)
    return id === undefined ? [] : [{ appId: id, kind }]
  })
}
