import type * as weixin from '../../weixin/apis/index.js'
import type { PictureCheck } from './imgSecCheck.js'
import type { PerCallApp } from './options.js'
import type { VkAnswer, VkFailure, VkMethods } from './types.js'

/** What every method takes beside its own parameters. */
interface WeixinPerCall extends Omit<PerCallApp, 'privateKey'> {
  /** Fetched here unless it is given. */
  access_token?: string
}

/** Those that speak WeChat's own words and nothing else. */
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
  /** Any API, in WeChat's words. Bytes where the API answers a file. */
  request(given: AnyCall): Promise<VkAnswer<Record<string, unknown>> | Buffer>
}
