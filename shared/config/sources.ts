import { sealedFileSource } from './sealed.js'
import type { SettingSource } from './settings.js'

/** Environment variables; the gateway and the tests hand in a record of their own. */
export function environmentSource(env: Record<string, string | undefined> = process.env): SettingSource {
  return { label: 'environment variables', read: (name) => env[name] }
}

/** Where a function in a cloud looks for its settings, in this order. */
export function cloudSources(): SettingSource[] {
  const sealed = sealedFileSource()
  return [environmentSource(), ...(sealed ? [sealed] : []), configCenterSource()]
}

interface ConfigCenter {
  config(path?: string): unknown
}

/**
 * uni-config-center of uniCloud: `unicloud-openapi/config.json` with the same names, then the places in
 * `uni-id/config.json` where uni-id keeps the same values. Absent outside uniCloud, which is not an error.
 */
export function configCenterSource(
  load: (pluginId: string) => ConfigCenter | undefined = loadConfigCenter,
): SettingSource {
  const opened = new Map<string, ConfigCenter | undefined>()
  const open = (pluginId: string) => {
    if (!opened.has(pluginId)) opened.set(pluginId, load(pluginId))
    return opened.get(pluginId)
  }
  return {
    label: 'uni-config-center (unicloud-openapi/config.json, uni-id/config.json)',
    read(name, info) {
      const own = asText(open('unicloud-openapi')?.config(name))
      if (own !== undefined || info.uniId === undefined) return own
      return asText(open('uni-id')?.config(info.uniId))
    },
  }
}

function asText(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'string' ? value : JSON.stringify(value)
}

type CreateConfig = (options: { pluginId: string }) => ConfigCenter

function loadConfigCenter(pluginId: string): ConfigCenter | undefined {
  if (typeof (globalThis as { uniCloud?: unknown }).uniCloud === 'undefined') return undefined
  try {
    return (require('uni-config-center') as CreateConfig)({ pluginId })
  } catch {
    return undefined
  }
}
