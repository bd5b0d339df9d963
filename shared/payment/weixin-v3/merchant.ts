import type { KeyObject } from 'node:crypto'
import { fileText } from '../../config/fileSetting.js'
import { invalidSetting, type SettingName } from '../../config/index.js'
import type { WeixinMerchant, WeixinV3Credentials } from '../../config/weixinMerchant.js'
import { rsaPrivateKey, rsaPublicKey } from '../../crypto/index.js'

/** A merchant whose V3 credentials are known. */
export type V3Merchant = WeixinMerchant & { v3: WeixinV3Credentials }

/** A key of WeChat Pay's, and the serial it is known by. */
export interface KnownKey {
  serial: string
  key: KeyObject
}

/** By what was set: neither a file is read nor a key parsed a second time in one process. */
const parsed = new Map<string, KeyObject>()

function keyOf(setting: SettingName, value: string, parse: (text: string) => KeyObject): KeyObject {
  const known = parsed.get(value)
  if (known) return known
  const text = fileText(setting, value)
  try {
    const key = parse(text)
    parsed.set(value, key)
    return key
  } catch (cause) {
    throw invalidSetting(setting, 'cannot be read as an RSA key', cause)
  }
}

/** The private key of the merchant's API certificate: signs requests, opens sensitive fields. INVALID_SETTING. */
export const merchantKey = ({ v3 }: V3Merchant): KeyObject =>
  keyOf('WEIXIN_PAY_PRIVATE_KEY', v3.privateKey, rsaPrivateKey)

/** The WeChat Pay public key of that id, where the merchant has it. INVALID_SETTING. */
export function publicKeyOf({ v3 }: V3Merchant, id: string): KeyObject | undefined {
  const found = v3.publicKeys.find((known) => known.id === id)
  return found && keyOf('WEIXIN_PAY_PUBLIC_KEY', found.key, rsaPublicKey)
}
