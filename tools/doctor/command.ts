import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseEnv } from 'node:util'
import { type SettingName, settingInfo } from '../../shared/config/index.js'
import type { Bilingual } from '../../shared/operation/index.js'
import { readGiven } from '../deploy/config/given.js'
import type { DoctorOptions, UnknownName } from './doctor.js'

/** What the commands that look at settings have in common. */

/** The settings that `--stage` and `--env` choose. Throws when a file cannot be read. */
export const chosenSettings = ({
  stage,
  env: file,
}: {
  stage: string
  env: string | undefined
}): ChosenSettings =>
  readSettings({ folder: process.cwd(), stage, shell: process.env, ...(file === undefined ? {} : { file }) })

export type Language = keyof Bilingual

/** As the machine is set: `--lang` first, then the shell's locale. */
export function languageOf(wish: string | undefined, shell: NodeJS.ProcessEnv): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = shell
  return /^zh/i.test(wish ?? (LC_ALL || LC_MESSAGES || LANG || 'en')) ? 'zh' : 'en'
}

/** Runs a command and exits with the code it answers; when it throws, prints its usage and exits with 2. */
export async function runCommand(usage: string, main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main()
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    console.error(usage)
    process.exitCode = 2
  }
}

/** The settings to look at, and names among them that are no settings. */
export type ChosenSettings = Required<Pick<DoctorOptions, 'settings' | 'unknownNames'>>

export interface SettingsPlaces {
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
export function readSettings({ folder, stage, file, shell }: SettingsPlaces): ChosenSettings {
  if (file !== undefined) return fromFile(file)
  const { settings, unknown } = readGiven(folder, stage, shell)
  return { settings, unknownNames: [...unknown, ...misspelt(Object.keys(shell))] }
}

function fromFile(file: string): ChosenSettings {
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

/** Settings that hold JSON may be written as JSON values, not only as texts. */
function fromJson(text: string): Record<string, string> {
  const value = JSON.parse(text) as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      if (each === null || each === '') return []
      return [[name, typeof each === 'string' ? each : JSON.stringify(each)]]
    }),
  )
}

/** Names that differ from a setting's by one letter or underscore. Only prefixes of ours: a shell has many other names. */
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
