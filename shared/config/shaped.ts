import * as v from 'valibot'
import type { SettingName } from './names.js'
import { invalidSetting, type Settings } from './settings.js'

/** A setting that has to have a certain shape, as far as it is there. */
export function shaped<Value>(
  settings: Settings,
  name: SettingName,
  schema: v.GenericSchema<string, Value>,
): Value | undefined {
  const text = settings.get(name)
  if (text === undefined) return undefined
  const { success, output } = v.safeParse(schema, text)
  if (success) return output
  throw invalidSetting(name, 'not in the shape it has to have')
}
