import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { type SettingName, settingInfo } from '../../../shared/config/index.js'

/** What the deployment itself reads; none of it ever reaches a function. */
const accessNames = [
  'ALIBABA_CLOUD_ACCOUNT_ID',
  'ALIBABA_CLOUD_ACCESS_KEY_ID',
  'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
  'ALIBABA_CLOUD_SECURITY_TOKEN',
  'ALIBABA_CLOUD_FC_ENDPOINT',
  'ALIBABA_CLOUD_LOG_ENDPOINT',
] as const

export type AccessName = (typeof accessNames)[number]

/** Everything given outside serverless.yml: settings for the functions, and access to the cloud. */
export interface Given {
  settings: Partial<Record<SettingName, string>>
  access: Partial<Record<AccessName, string>>
  /** How many settings came from where, for people. */
  origins: string[]
  /** Names in the files that mean nothing here. */
  unknown: UnknownName[]
  /** The same as sentences. */
  warnings: string[]
}

interface UnknownName {
  name: string
  /** In which file it stands. */
  source: string
  /** The name that may have been meant. */
  near?: string
}

/**
 * Reads `.env`, then `.env.<stage>`, then the shell's environment; later ones win. The files are read here and go
 * nowhere else.
 */
export function readGiven(folder: string, stage: string, shell: NodeJS.ProcessEnv): Given {
  const files = ['.env', `.env.${stage}`].map((name) => ({ name, values: readEnvFile(join(folder, name)) }))
  const sources = [...files, { name: 'the shell', values: shell }]
  const given: Given = { settings: {}, access: {}, origins: [], unknown: [], warnings: [] }
  const origin = new Map<string, string>()
  for (const { name: source, values } of sources) {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined || value === '') continue
      if (isSetting(name)) {
        given.settings[name] = value
        origin.set(name, source)
      } else if (isAccess(name)) given.access[name] = value
      else if (source !== 'the shell') given.unknown.push(unknownName(name, source))
    }
  }
  given.warnings = given.unknown.map(warning)
  given.origins = sources.flatMap(({ name }) => {
    const count = [...origin.values()].filter((source) => source === name).length
    return count === 0 ? [] : [`${count} from ${name}`]
  })
  return given
}

const readEnvFile = (path: string): NodeJS.Dict<string> =>
  existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {}

const isSetting = (name: string): name is SettingName => Object.hasOwn(settingInfo, name)
const isAccess = (name: string): name is AccessName => (accessNames as readonly string[]).includes(name)

function unknownName(name: string, source: string): UnknownName {
  const near = [...Object.keys(settingInfo), ...accessNames].find((known) => plain(known) === plain(name))
  return { name, source, ...(near === undefined ? {} : { near }) }
}

const warning = ({ name, source, near }: UnknownName): string =>
  `${name} in ${source} is no setting${near ? `; is it ${near}?` : ''}`

/** The same for names that differ in case, in underscores, or in one that was left out. */
const plain = (name: string): string => name.toUpperCase().replaceAll('_', '')
