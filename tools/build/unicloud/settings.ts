import { type SettingName, settingInfo } from '../../../shared/config/index.js'

/** What a mini program with WeChat Pay needs; all others are in docs/deploy-unicloud.md. */
const TO_FILL_IN = [
  'WEIXIN_APP_ID',
  'WEIXIN_APP_SECRET',
  'WEIXIN_MCH_ID',
  'WEIXIN_PAY_V3_KEY',
  'WEIXIN_PAY_SERIAL_NO',
  'WEIXIN_PAY_PRIVATE_KEY',
  'WEIXIN_PAY_PUBLIC_KEY_ID',
  'WEIXIN_PAY_PUBLIC_KEY',
  'NOTIFY_BASE_URL',
  'EVENT_TARGET',
] as const satisfies readonly SettingName[]

/**
 * `uni-config-center/unicloud-openapi/config.json` to begin with. No value can pass for a real one: what is left as it
 * is leads to an error that names the setting, not to a payment that is reported to somebody else.
 */
export const exampleSettings = (): Record<string, string> =>
  Object.fromEntries(TO_FILL_IN.map((name) => [name, `<${onUniCloud(settingInfo[name].example)}>`]))

/** There a path leads nowhere. */
const onUniCloud = (example: string): string => example.replace(', base64 or a path', ' or base64')

/** Whether somebody has begun to fill in this text of a `config.json`, which must then not be written over. */
export function isFilledIn(text: string): boolean {
  try {
    const values: unknown[] = Object.values(JSON.parse(text) as object)
    return !values.every((value) => typeof value === 'string' && /^<.*>$/.test(value))
  } catch {
    return true
  }
}
