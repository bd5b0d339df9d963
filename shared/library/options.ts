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

const warned = new Set<string>()

/**
 * The options without those that uni-pay 1.x has and nothing here needs. Programs that were written for it go on
 * working, and are told once what no longer does anything; `instead` is what to write in its place, if anything.
 */
export function withoutUniPays<Options extends object>(
  method: string,
  options: Options,
  instead: Readonly<Record<string, string>>,
): Options {
  const ignored = Object.keys(options ?? {}).filter((name) => Object.hasOwn(instead, name))
  if (ignored.length === 0) return options
  const names = ignored.map((name) => (instead[name] ? `${name} (${instead[name]})` : name)).join(', ')
  const warning = `unicloud-openapi: ${method} ignores these options of uni-pay: ${names}`
  if (!warned.has(warning)) console.warn(warning)
  warned.add(warning)
  return Object.fromEntries(Object.entries(options).filter(([name]) => !ignored.includes(name))) as Options
}

const SETTING = /\b[A-Z]+(?:_[A-Z0-9]+)+\b/g

/** What errors offer beside the setting at fault: the lists of accounts, which constructors have no option for. */
const IN_LIST = /(?:,| or) (?:or )?(?:its like|"\w+") in ([A-Z]+_[A-Z]+)/g

/** A store is opened before it is given to a constructor. */
const everywhere: OptionNames = { MONGODB_URI: 'store' }

/** The same error, with the names of options in place of settings, which callers of the library do not know. */
export function withOptionNames(error: unknown, names: OptionNames): OpenapiError {
  if (!(error instanceof OpenapiError)) return openapiError(UNFORESEEN_IN_LIBRARY, {}, { cause: error })
  const errMsg = underOptionNames(error.errMsg, names)
  return errMsg === error.errMsg ? error : changed(error, { errMsg })
}

export function underOptionNames(text: string, names: OptionNames): string {
  const known: Readonly<Record<string, string>> = { ...everywhere, ...names }
  return text
    .replace(IN_LIST, (offer, list: string) => (known[list] === undefined ? '' : offer))
    .replace(SETTING, (setting) => known[setting] ?? setting)
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
