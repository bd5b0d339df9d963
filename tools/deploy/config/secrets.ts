import { type SettingInfo, type SettingName, settingInfo } from '../../../shared/config/index.js'
import { DeployFailure } from '../failure.js'
import type { Given } from './given.js'
import type { Variables } from './types.js'

/** Throws {@link DeployFailure} for secrets in serverless.yml, which is printed and committed. `key` is the function. */
export function refuseSecrets(key: string, own: Variables): void {
  const secret = Object.keys(own).find((name) => (settingInfo as Record<string, SettingInfo>)[name]?.secret)
  if (secret === undefined) return
  throw new DeployFailure(
    'SECRET_IN_CONFIGURATION',
    `${secret} stands in the environment of serverless.yml (for ${key}): move it to .env or .env.<stage>`,
  )
}

/** Every given value that must not be shown. */
export function secretsOf({ settings, access }: Given): string[] {
  const secret = Object.entries(settings).flatMap(([name, value]) =>
    (settingInfo[name as SettingName] as SettingInfo).secret ? secretTexts(value) : [],
  )
  const { ALIBABA_CLOUD_ACCESS_KEY_SECRET: key, ALIBABA_CLOUD_SECURITY_TOKEN: token } = access
  return [...secret, ...(key ? [key] : []), ...(token ? [token] : [])]
}

/** A value as a whole, and the texts inside a JSON list. */
function secretTexts(value: string): string[] {
  const inside = [...value.matchAll(/"([^"\\]{16,})"/g)].map(([, text = '']) => text)
  return [value, ...inside]
}
