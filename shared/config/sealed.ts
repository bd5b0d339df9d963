import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openAes256Gcm, sealAes256Gcm } from '../crypto/ciphers.js'
import { hmacSha256 } from '../crypto/digest.js'
import type { SettingSource } from './settings.js'

/** Stands beside a function's `index.js` where its settings exceed what Function Compute allows as variables. */
export const SEALED_FILE = 'settings.sealed'

const NONCE_BYTES = 12
const PURPOSE = Buffer.from('unicloud-openapi settings 1')

/**
 * The sealed file: a 12-byte nonce, then AES-256-GCM over the settings as JSON. `key` has 32 bytes. The nonce is
 * derived from key and text, so that equal settings make equal packages and no nonce ever serves two texts.
 */
export function sealSettings(values: Readonly<Record<string, string>>, key: Buffer): Buffer {
  const names = Object.keys(values).sort()
  const text = Buffer.from(JSON.stringify(Object.fromEntries(names.map((name) => [name, values[name]]))))
  const nonce = hmacSha256(hmacSha256(key, PURPOSE), text).subarray(0, NONCE_BYTES)
  return Buffer.concat([nonce, sealAes256Gcm({ key, nonce, associatedData: PURPOSE }, text)])
}

/** Throws when the key is another one or the file is not whole. */
export function openSealedSettings(file: Buffer, key: Buffer): Record<string, string> {
  const nonce = file.subarray(0, NONCE_BYTES)
  const text = openAes256Gcm({ key, nonce, associatedData: PURPOSE }, file.subarray(NONCE_BYTES))
  return JSON.parse(text.toString()) as Record<string, string>
}

/** 32 bytes as base64 (43 digits and padding), which is what `openssl rand -base64 32` prints. */
export function sealingKey(text: string): Buffer | undefined {
  const key = Buffer.from(text.trim(), 'base64')
  return /^[A-Za-z0-9+/]{43}=$/.test(text.trim()) && key.length === 32 ? key : undefined
}

/**
 * Settings from {@link SEALED_FILE} in `folder`; undefined without SETTINGS_KEY, which opens it. A file that does not
 * open gives nothing and says so in its label: the error about the first setting that is then missing shows it.
 */
export function sealedFileSource(
  env: Readonly<Record<string, string | undefined>> = process.env,
  folder: string = bundleFolder(),
): SettingSource | undefined {
  const keyText = env.SETTINGS_KEY
  if (!keyText) return undefined
  let opened: Opened | undefined
  const open = () => (opened ??= tryToOpen(keyText, join(folder, SEALED_FILE)))
  return {
    get label() {
      return open().label
    },
    read: (name) => open().values[name],
  }
}

interface Opened {
  values: Readonly<Record<string, string>>
  label: string
}

function tryToOpen(keyText: string, path: string): Opened {
  const key = sealingKey(keyText)
  if (!key) return { values: {}, label: `${SEALED_FILE} (SETTINGS_KEY is not 32 bytes as base64)` }
  try {
    return { values: openSealedSettings(readFileSync(path), key), label: SEALED_FILE }
  } catch {
    return { values: {}, label: `${SEALED_FILE} (not there, or SETTINGS_KEY does not open it: deploy again)` }
  }
}

/** Only bundles are CommonJS; as a module of this repository there is nothing beside the code. */
const bundleFolder = (): string => (typeof __dirname === 'string' ? __dirname : '.')
