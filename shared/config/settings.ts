import type { GenericSchema } from 'valibot'
import { INVALID_SETTING, MISSING_SETTING, type OpenapiError, openapiError } from '../errors/index.js'
import { type SettingInfo, type SettingName, settingInfo } from './names.js'

/** Where a setting may come from: `read` answers its text or nothing; `label` is for people. */
export interface SettingSource {
  readonly label: string
  read(name: SettingName, info: SettingInfo): string | undefined
}

/**
 * The settings an operation declared, and only those: asking for another is a mistake of ours and says so.
 * Values are the texts as written; what they mean is decided where they are used.
 */
export class Settings {
  constructor(
    private readonly sources: readonly SettingSource[],
    private readonly declared: ReadonlySet<SettingName>,
  ) {}

  get(name: SettingName): string | undefined {
    if (!this.declared.has(name))
      throw new Error(`setting ${name} was read but not declared by the operation`)
    const info: SettingInfo = settingInfo[name]
    for (const source of this.sources) {
      const value = source.read(name, info)?.trim()
      if (value) return value
    }
    return undefined
  }

  /** Whether the operation may read it: not every one of those that open an account gets all there is to it. */
  declares(name: SettingName): boolean {
    return this.declared.has(name)
  }

  require(name: SettingName): string {
    const value = this.get(name)
    if (value === undefined) throw this.missing(name)
    return value
  }

  isOn(name: SettingName): boolean {
    return /^(on|1|true|yes)$/i.test(this.get(name) ?? '')
  }

  /** The texts that must never be shown: every declared setting that is a secret, and what is one inside of it. */
  secrets(): string[] {
    const secret = [...this.declared].filter((name) => (settingInfo[name] as SettingInfo).secret)
    return secret.flatMap((name) => {
      const text = this.get(name)
      return text === undefined ? [] : [text, ...secretsIn(text), ...passwordsIn(text)].flatMap(spellings)
    })
  }

  /** The settings of another declaration over the same sources. */
  scopedTo(names: Iterable<SettingName>): Settings {
    return new Settings(this.sources, new Set(names))
  }

  missing(name: SettingName): OpenapiError {
    const { example, where }: SettingInfo = settingInfo[name]
    const sources = this.sources.map((source) => source.label).join(', ')
    return openapiError(MISSING_SETTING, { name, sources, example, where })
  }
}

/** How a failure may quote a secret: as it was set, or as it is sent in an address. */
function spellings(secret: string): string[] {
  try {
    return [...new Set([secret, encodeURIComponent(secret), decodeURIComponent(secret)])]
  } catch {
    return [secret]
  }
}

/** The password of an address, and its parts where a character in it ends what a reader takes for the password. */
function passwordsIn(address: string): string[] {
  const [, password = ''] = /^[a-z][a-z+]*:\/\/[^:/@]*:(.*)@/s.exec(address) ?? []
  if (password === '') return []
  return spellings(password).flatMap((text) => [text, ...text.split(/[@/?#:%]/)])
}

/** What an account in a list calls its secrets; `serialNo` and the like may be read. */
const SECRET_FIELD = /secret|token|key|pfx|cert/i

/** The secrets in a list of accounts: an error may show one of them alone. */
function secretsIn(text: string): string[] {
  if (!text.startsWith('[')) return []
  try {
    return secretFields(JSON.parse(text))
  } catch {
    return []
  }
}

function secretFields(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string' ? (SECRET_FIELD.test(name) ? [inner] : []) : secretFields(inner),
  )
}

/** A setting is there but cannot be meant: says what it should look like, never what it is. */
export function invalidSetting(name: SettingName, problem: string, cause?: unknown): OpenapiError {
  const { example, where }: SettingInfo = settingInfo[name]
  return openapiError(INVALID_SETTING, { name, problem, example, where }, { cause })
}

/**
 * The setting as `schema` reads it, undefined where it is not set. The schema is run without valibot's own function:
 * every function loads this file, and few of them valibot.
 */
export function shaped<Value>(
  settings: Settings,
  name: SettingName,
  schema: GenericSchema<string, Value>,
): Value | undefined {
  const text = settings.get(name)
  if (text === undefined) return undefined
  const { typed, value, issues } = schema['~run']({ value: text }, {})
  if (typed && issues === undefined) return value
  throw invalidSetting(name, 'not in the shape it has to have')
}
