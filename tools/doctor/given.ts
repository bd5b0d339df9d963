import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseEnv } from 'node:util'
import { type SettingName, settingInfo } from '../../shared/config/index.js'
import { readGiven } from '../deploy/config/given.js'
import type { UnknownName, WorldOptions } from './world.js'

/** The settings that are to be looked at, and names among them that are none. */
export type GivenSettings = Required<Pick<WorldOptions, 'settings' | 'unknownNames'>>

export interface Places {
  /** Where `.env` and `.env.<stage>` are. */
  folder: string
  stage: string
  /** In place of those: a file like `.env`, or a JSON object such as uni-config-center's `config.json`. */
  file?: string
  shell: NodeJS.ProcessEnv
}

/**
 * The settings of a deployment: by default those that `serverless deploy` would send, the shell's first. Throws when a
 * file that was named cannot be read.
 */
export function givenSettings({ folder, stage, file, shell }: Places): GivenSettings {
  if (file !== undefined) return fromFile(file)
  const { settings, strangers } = readGiven(folder, stage, shell)
  return { settings, unknownNames: [...strangers, ...misspelt(Object.keys(shell))] }
}

function fromFile(file: string): GivenSettings {
  const text = readFileSync(file, 'utf8')
  const values = basename(file).endsWith('.json') ? fromJson(text) : parseEnv(text)
  const known = Object.entries(values).filter(([name]) => Object.hasOwn(settingInfo, name))
  const strange = Object.keys(values).filter((name) => !Object.hasOwn(settingInfo, name))
  const misspeltNames = misspelt(strange)
  return {
    settings: Object.fromEntries(known),
    unknownNames: strange.map((name) => misspeltNames.find((each) => each.name === name) ?? { name }),
  }
}

/** Lists may stand in JSON as what they are. */
function fromJson(text: string): Record<string, string> {
  const value = JSON.parse(text) as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      if (each === null || each === '') return []
      return [[name, typeof each === 'string' ? each : JSON.stringify(each)]]
    }),
  )
}

/** Names of the providers' settings with a letter or an underscore amiss. A shell has many names that are not ours. */
function misspelt(names: readonly string[]): UnknownName[] {
  const known = Object.keys(settingInfo) as SettingName[]
  return names.flatMap((name) => {
    if (!/^(WEIXIN|WECHAT|WX|ALIPAY|NOTIFY|EVENT|OPENAPI|CLIENT|EVIDENCE)_/i.test(name)) return []
    if (Object.hasOwn(settingInfo, name)) return []
    const near = known.find((each) => distance(plain(each), plain(name)) <= 1)
    return near === undefined ? [] : [{ name, near }]
  })
}

const plain = (name: string): string =>
  name
    .toUpperCase()
    .replaceAll('_', '')
    .replace(/^(WECHAT|WX)/, 'WEIXIN')

/** How many letters have to be changed, added or taken away to make one text the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}
