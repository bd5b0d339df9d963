import type { SettingName, SettingSource } from '../config/index.js'
import { changed, invalidParam, OpenapiError, openapiError, UNFORESEEN_IN_LIBRARY } from '../errors/index.js'

/** Bytes, or the same as PEM, as base64 or as the path of a file. */
export type FileOption = string | Uint8Array

/** Which option of a constructor a setting is, as a dotted path. */
export type OptionNames = Readonly<Partial<Record<SettingName, string>>>

/** Options as settings. Bytes become base64, which every setting for a file accepts. */
export function optionSource(label: string, options: object, names: OptionNames): SettingSource {
  return {
    label,
    read(name) {
      const path = names[name]
      return path === undefined ? undefined : textAt(options, path)
    },
  }
}

/** What lies at a dotted path; undefined where the path ends early. */
export const valueAt = (options: object, path: string): unknown =>
  path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], options)

function textAt(options: object, path: string): string | undefined {
  const value = valueAt(options, path)
  if (value === undefined || value === null) return undefined
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw invalidParam(path, 'expected a text')
}

/**
 * Refuses options there are none of, at any depth: a typing error in a name would be an option that silently does
 * nothing, an address that is not used for example. `own` are those that are no settings.
 */
export function checkOptions(options: object, names: OptionNames, own: readonly string[]): void {
  checkKeys(options, [...Object.values(names), ...own], '')
}

function checkKeys(given: object, paths: readonly string[], above: string): void {
  const known = [...new Set(paths.map((path) => path.split('.')[0] ?? ''))]
  for (const [key, value] of Object.entries(given)) {
    if (!known.includes(key)) {
      throw invalidParam(`${above}${key}`, `unknown option; known here: ${known.join(', ')}`)
    }
    const below = paths.flatMap((path) => (path.startsWith(`${key}.`) ? path.slice(key.length + 1) : []))
    if (below.length > 0 && typeof value === 'object' && value !== null) {
      checkKeys(value, below, `${above}${key}.`)
    }
  }
}

const SETTING = /\b[A-Z]+(?:_[A-Z0-9]+)+\b/g

/** The same error, with the names of options in place of settings, which callers of the library do not know. */
export function withOptionNames(error: unknown, names: OptionNames): OpenapiError {
  if (!(error instanceof OpenapiError)) return openapiError(UNFORESEEN_IN_LIBRARY, {}, { cause: error })
  const errMsg = error.errMsg.replace(
    SETTING,
    (setting) => (names as Record<string, string>)[setting] ?? setting,
  )
  if (errMsg === error.errMsg) return error
  return changed(error, { errMsg })
}

/** Other addresses than the providers' own, the local platforms' for example. Every constructor takes all of them. */
export interface Endpoints {
  /** In place of https://api.weixin.qq.com */
  weixinApi?: string
  /** In place of https://api.mch.weixin.qq.com */
  weixinPay?: string
  /** PEM, base64 or a path: who certifies the server at `weixinPay`. */
  weixinPayCa?: string | Uint8Array
  /** In place of https://openapi.alipay.com/gateway.do */
  alipayGateway?: string
}

export const endpointNames: OptionNames = {
  WEIXIN_API_BASE_URL: 'endpoints.weixinApi',
  WEIXIN_PAY_BASE_URL: 'endpoints.weixinPay',
  WEIXIN_PAY_CA: 'endpoints.weixinPayCa',
  ALIPAY_GATEWAY_URL: 'endpoints.alipayGateway',
}
