import { extname } from 'node:path'
import { fileText } from '../../../shared/config/fileSetting.js'
import type { SettingName } from '../../../shared/config/index.js'
import { sealingKey, sealSettings } from '../../../shared/config/sealed.js'
import { functionCompute, bytesOf as sizeOf } from '../../clouds/index.js'
import { DeployFailure, reasonOf } from '../failure.js'
import type { Given } from './given.js'
import type { Project, ProjectFunction } from './project.js'
import { refuseSecrets } from './secrets.js'
import type { Variables } from './types.js'

/** Of all variables of a function, names and values together. */
const LIMIT_BYTES = sizeOf(functionCompute.environment)

/** What a function finds around it. */
export interface Environment {
  variables: Variables
  /** Contents of the sealed file, where the variables would have been too many. */
  sealed?: Buffer
}

/**
 * Variables of one function: those of serverless.yml, and of the given settings those it declares. More than fit of
 * them are shipped sealed, with the key as the one secret variable. Throws {@link DeployFailure}.
 */
export function environmentOf(
  key: string,
  entry: ProjectFunction,
  project: Project,
  given: Given,
): Environment {
  const { own, settings } = variablesOf(key, entry, project, given)
  const variables = { ...settings, ...own }
  if (bytesOf(variables) <= LIMIT_BYTES) return { variables }
  const text = given.settings.SETTINGS_KEY
  if (text === undefined) throw tooLong(key, bytesOf(variables))
  const sealing = sealingKey(text)
  if (!sealing) throw new DeployFailure('INVALID_SETTING', `SETTINGS_KEY has to be ${MAKE_KEY}`)
  const rest = { ...own, SETTINGS_KEY: text.trim() }
  if (bytesOf(rest) > LIMIT_BYTES) {
    const size = `${bytesOf(rest)} of ${LIMIT_BYTES} bytes`
    throw new DeployFailure(
      'ENVIRONMENT_TOO_LONG',
      `environment of ${key} in serverless.yml takes ${size}: shorten it`,
    )
  }
  return { variables: rest, sealed: sealSettings(settings, sealing) }
}

/** The same on this machine, where there is no limit. */
export function localEnvironment(
  key: string,
  entry: ProjectFunction,
  project: Project,
  given: Given,
): Record<string, string> {
  const { own, settings } = variablesOf(key, entry, project, given)
  return { ...settings, ...own }
}

/** What serverless.yml says itself, and what of the given settings the function declares. */
function variablesOf(
  key: string,
  { settings: declared = [], environment = {} }: ProjectFunction,
  { provider }: Project,
  given: Given,
): { own: Variables; settings: Record<string, string> } {
  const own = { ...provider.environment, ...environment }
  refuseSecrets(key, own)
  return { own, settings: pick(declared, given, own) }
}

const MAKE_KEY = '32 bytes as base64, as `openssl rand -base64 32` makes them'

function pick(declared: readonly SettingName[], given: Given, own: Variables): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const name of declared) {
    const value = given.settings[name]
    if (value !== undefined && own[name] === undefined) picked[name] = contentsOf(name, value)
  }
  return picked
}

const FILES = new Set(['.pem', '.crt', '.cer', '.key', '.p12', '.pfx'])

/** Paths mean nothing in the cloud: the file itself goes there, also from inside a JSON list. */
function contentsOf(name: SettingName, value: string): string {
  if (/^\s*\[/.test(value)) {
    const inline = (_key: string, inner: unknown) =>
      typeof inner === 'string' ? contentsOf(name, inner) : inner
    try {
      return JSON.stringify(JSON.parse(value), inline)
    } catch (cause) {
      if (cause instanceof DeployFailure) throw cause
      throw new DeployFailure('INVALID_SETTING', `${name} begins like a JSON list and is none`)
    }
  }
  if (value.includes('\n') || !FILES.has(extname(value.trim()).toLowerCase())) return value
  try {
    return fileText(name, value)
  } catch (cause) {
    throw new DeployFailure('INVALID_SETTING', `${value.trim()}: ${reasonOf(cause)}`, { cause })
  }
}

const bytesOf = (variables: Variables): number =>
  Object.entries(variables).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  )

const tooLong = (key: string, bytes: number): DeployFailure =>
  new DeployFailure(
    'ENVIRONMENT_TOO_LONG',
    `The settings of ${key} take ${bytes} bytes, and Function Compute allows ${LIMIT_BYTES}. They can travel in the ` +
      `package, sealed: put SETTINGS_KEY into .env.<stage>, ${MAKE_KEY}. Keep it: another key uploads everything again.`,
  )
