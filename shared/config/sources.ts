import type { SettingInfo } from './names.js'
import { sealedFileSource } from './sealed.js'
import type { SettingSource } from './settings.js'

/** Environment variables; the local cloud and the tests hand in a record of their own. */
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
  /** Undefined where the file is missing. */
  requireFile?(name: string): unknown
}

type Load = (pluginId: string) => ConfigCenter | undefined

/**
 * uni-config-center of uniCloud: `unicloud-openapi/config.json` with the same names, then the places where uni-id and
 * vk-unicloud keep the same values. Absent outside uniCloud, which is not an error.
 */
export function configCenterSource(load: Load = loadConfigCenter): SettingSource {
  const opened = new Map<string, ConfigCenter | undefined>()
  const open = (pluginId: string) => {
    if (!opened.has(pluginId)) opened.set(pluginId, load(pluginId))
    return opened.get(pluginId)
  }
  return {
    label: 'uni-config-center (unicloud-openapi/config.json, uni-id/config.json, vk-unicloud/index.js)',
    read(name, { uniId = [], vkList }) {
      const own = asText(open('unicloud-openapi')?.config(name))
      if (own !== undefined) return own
      for (const path of uniId) {
        const value = asText(open('uni-id')?.config(path))
        if (value !== undefined) return value
      }
      return vkList && vkApps(open('vk-unicloud')?.requireFile?.('index.js'), vkList)
    },
  }
}

/** vk-unicloud's list of applications with the field names of our own setting. */
function vkApps(file: unknown, { of, fields }: NonNullable<SettingInfo['vkList']>): string | undefined {
  const list = at(file, ['vk', 'oauth', of, 'list'])
  if (!Array.isArray(list) || list.length === 0) return undefined
  return JSON.stringify(list.map((app: unknown) => renamed(app, fields)))
}

const renamed = (app: unknown, fields: Readonly<Record<string, string>>): object =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([theirs, ours]) => {
      const value = at(app, [theirs])
      return value === undefined || value === '' ? [] : [[ours, value]]
    }),
  )

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  )

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
