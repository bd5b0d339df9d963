import type { GenericSchema } from 'valibot'
import type { Advice } from '../../errors/index.js'
import type { weixin } from '../../generated/apis.js'
import type { InputOf, OutputOf } from '../../operation/index.js'
import type { PictureCheck } from './imgSecCheck.js'
import type { PerCallApp } from './options.js'

type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : ''

/** The same shape with snake_case names; a user's own data, which may have any key, is left alone. */
type InSnakeCase<T> = T extends Uint8Array | string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? InSnakeCase<Item>[]
    : T extends object
      ? string extends keyof T
        ? T
        : { [Name in keyof T as Name extends string ? SnakeCase<Name> : Name]: InSnakeCase<T[Name]> }
      : T

/** Every answer has its outcome in it; `code` 0 is a success. */
interface VkStatus {
  code: number
  msg: string
}

/** A failure as it is answered, never thrown. `code` is the provider's number, or -1 where it has none. */
export interface VkFailure extends VkStatus {
  /** The provider's own code, or one of ours such as INVALID_PARAM. */
  errCode: number | string
  advice: Advice
  /** `unknown`: the provider may have acted. */
  outcome?: 'unknown'
  /** WeChat's id of the failed request. */
  rid?: string
}

/** The fields are there when `code` is 0. */
export type VkAnswer<Result> = VkStatus & Partial<VkFailure> & Partial<Result>

interface File {
  contentType: string
  buffer: Buffer
}

/** Pictures come as bare bytes. */
type VkResult<Output> = Output extends File ? Buffer : VkAnswer<InSnakeCase<Output>>

type Given<Input> = object extends Input ? [given?: Input] : [given: Input]

/** An operation as vk has it. */
type VkMethod<Op, More = PerCallApp> = (
  ...given: Given<InSnakeCase<InputOf<Op>> & More>
) => Promise<VkResult<OutputOf<Op>> | (OutputOf<Op> extends File ? VkFailure : never)>

export type VkMethods<Registry, More = PerCallApp> = {
  readonly [Name in keyof Registry]: Registry[Name] extends { input: GenericSchema }
    ? VkMethod<Registry[Name], More>
    : VkMethods<Registry[Name], More>
}

/** What every method takes beside its own parameters. */
interface WeixinPerCall extends Omit<PerCallApp, 'privateKey'> {
  /** Fetched here unless it is given. */
  access_token?: string
}

/** Those whose parameters and answers have WeChat's own names throughout. */
export type PlainMethods = VkMethods<typeof weixin, WeixinPerCall>

interface PhoneNumber {
  phoneNumber: string
  purePhoneNumber: string
  countryCode: string
  /** `purePhoneNumber`, under the name that vk gives it. */
  mobile: string
  watermark: { timestamp: number; appid: string }
}

interface Page {
  /** From 1. */
  pageIndex?: number
  pageSize?: number
}

interface AnyCall extends WeixinPerCall {
  method?: 'GET' | 'POST' | 'get' | 'post'
  /** The path without the leading slash, or with it. */
  url: string
  data?: Record<string, unknown>
}

/** The methods, with those that vk's document shapes in its own way. */
export interface VkWeixin
  extends Omit<PlainMethods, 'auth' | 'decrypt' | 'livebroadcast' | 'request' | 'security'> {
  readonly auth: Omit<PlainMethods['auth'], 'code2Session' | 'getAccessToken'> & {
    /** The bare token, at most an hour old; with `cache: false` WeChat is asked. */
    getAccessToken(given?: WeixinPerCall & { cache?: boolean }): Promise<string | VkFailure>
    code2Session(
      given: WeixinPerCall & { js_code: string },
    ): Promise<VkAnswer<{ openid: string; unionid: string; session_key: string; sessionKey: string }>>
  }
  readonly decrypt: {
    getPhoneNumber(
      given: WeixinPerCall & ({ code: string } | { encryptedData: string; iv: string; sessionKey: string }),
    ): Promise<VkAnswer<PhoneNumber>>
  }
  readonly livebroadcast: {
    getLiveInfo(
      given: Page & Partial<Parameters<PlainMethods['livebroadcast']['getLiveInfo']>[0]>,
    ): ReturnType<PlainMethods['livebroadcast']['getLiveInfo']>
  }
  readonly security: Omit<PlainMethods['security'], 'imgSecCheck'> & {
    imgSecCheck(given: WeixinPerCall & PictureCheck): ReturnType<PlainMethods['security']['imgSecCheck']>
  }
  /** Any API, under WeChat's names. Bytes where the API answers a file. */
  request(given: AnyCall): Promise<VkAnswer<Record<string, unknown>> | Buffer>
}
