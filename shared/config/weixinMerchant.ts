import * as v from 'valibot'
import { fileText } from './fileSetting.js'
import { invalidSetting, type Settings } from './settings.js'
import { shaped } from './shaped.js'
import { type WeixinV3Credentials, weixinV3Credentials, weixinV3Entry } from './weixinV3.js'

const mchId = v.pipe(v.string(), v.regex(/^\d{8,12}$/))
const key = v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{32}$/))
const signType = v.picklist(['MD5', 'HMAC-SHA256'])
const appId = v.pipe(v.string(), v.regex(/^wx[0-9a-f]{16}$/))
const baseUrl = v.pipe(v.string(), v.regex(/^https?:\/\/[^/?#]+(\/[^?#]*)?$/))
const file = v.optional(v.pipe(v.string(), v.minLength(1)))
const app = v.strictObject({ appId, kind: v.picklist(['mp', 'app', 'h5']) })
const entries = v.array(
  v.strictObject({
    mchId,
    key: v.optional(key),
    signType: v.optional(signType, 'MD5'),
    pfx: file,
    cert: file,
    certKey: file,
    v3: v.optional(weixinV3Entry),
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
  const v3 = weixinV3Credentials(settings)
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
