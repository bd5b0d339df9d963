import type { Operation } from '../../operation/index.js'
import { weixinApp } from '../../weixin/app.js'
import * as weixin from '../../weixin/index.js'
import { weixinToken } from '../../weixin/token.js'
import { methodsOf } from '../methods.js'
import { answering, bytesIn, prepare, run } from './call.js'
import { type PictureCheck, toCheck } from './imgSecCheck.js'
import type { PerCallApp, VkOptions } from './options.js'
import type { VkAnswer, VkFailure, VkMethods } from './types.js'
import { inWireWords } from './words.js'

/** What every method takes beside its own parameters. */
export interface WeixinPerCall extends Omit<PerCallApp, 'privateKey'> {
  /** Fetched here unless it is given. */
  access_token?: string
}

type Plain = VkMethods<typeof weixin, WeixinPerCall>

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

/** What differs from WeChat's own words. */
export interface VkWeixin extends Omit<Plain, 'auth' | 'decrypt' | 'livebroadcast' | 'request' | 'security'> {
  readonly auth: Omit<Plain['auth'], 'code2Session' | 'getAccessToken'> & {
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
      given: Page & Partial<Parameters<Plain['livebroadcast']['getLiveInfo']>[0]>,
    ): ReturnType<Plain['livebroadcast']['getLiveInfo']>
  }
  readonly security: Omit<Plain['security'], 'imgSecCheck'> & {
    imgSecCheck(given: WeixinPerCall & PictureCheck): ReturnType<Plain['security']['imgSecCheck']>
  }
  /** Any API, in WeChat's words. Bytes where the API answers a file. */
  request(given: AnyCall): Promise<VkAnswer<Record<string, unknown>> | Buffer>
}

const HOUR_MS = 3_600_000

/** `vk.openapi.weixin`: every API of the registry in WeChat's own words, and those that vk shapes differently. */
export function vkWeixin(options: VkOptions): VkWeixin {
  const call = (operation: Operation, given: unknown) => answering(() => inVkShape(options, operation, given))
  const plain = methodsOf(weixin, call) as unknown as Plain
  const changed = changedMethods(options, call)
  return {
    ...plain,
    ...changed,
    auth: { ...plain.auth, ...changed.auth },
    security: { ...plain.security, ...changed.security },
  } as unknown as VkWeixin
}

async function inVkShape(options: VkOptions, operation: Operation, given: unknown): Promise<unknown> {
  const { result, answer } = await run(operation, prepare(options, given))
  return (
    bytesIn(result) ?? (answer ? inWireWords(answer, result) : { code: 0, msg: 'ok', ...(result as object) })
  )
}

type Call = (operation: Operation, given: unknown) => Promise<unknown>

const fields = (value: unknown): Record<string, unknown> => ({ ...(value as object) })

function changedMethods(options: VkOptions, call: Call) {
  return {
    auth: {
      getAccessToken: (given: unknown) => answering(() => accessToken(options, given)),
      async code2Session(given: unknown) {
        const answer = fields(await call(weixin.auth.code2Session, given))
        // WeChat's name, and the one under which decrypt.getPhoneNumber takes it.
        return answer.session_key === undefined ? answer : { ...answer, sessionKey: answer.session_key }
      },
    },
    decrypt: {
      async getPhoneNumber(given: unknown) {
        const { phone_info, ...answer } = fields(await call(weixin.decrypt.getPhoneNumber, given))
        const phone = { ...answer, ...fields(phone_info) }
        return 'purePhoneNumber' in phone ? { ...phone, mobile: phone.purePhoneNumber } : phone
      },
    },
    livebroadcast: {
      getLiveInfo: (given: unknown) => call(weixin.livebroadcast.getLiveInfo, pageOf(fields(given))),
    },
    security: {
      imgSecCheck: (given: unknown) =>
        answering(async () =>
          inVkShape(options, weixin.security.imgSecCheck, await toCheck(fields(given), options)),
        ),
    },
    request: (given: unknown) => call(weixin.request, anyCall(fields(given))),
  }
}

async function accessToken(options: VkOptions, given: unknown): Promise<string> {
  const { input, contextFor } = prepare(options, given)
  const context = contextFor(weixin.auth.getAccessToken)
  const tokens = weixinToken(weixinApp(context.settings, 'mp', context.appId), context)
  return tokens.youngerThan(input.cache === false ? 0 : HOUR_MS)
}

function pageOf({ pageIndex = 1, pageSize, ...rest }: Record<string, unknown>): object {
  if (typeof pageIndex !== 'number' || typeof pageSize !== 'number') return rest
  return { start: (pageIndex - 1) * pageSize, limit: pageSize, ...rest }
}

function anyCall({ method = 'POST', url, ...rest }: Record<string, unknown>): object {
  const path = typeof url === 'string' ? `/${url.replace(/^\/+/, '')}` : url
  return { method: typeof method === 'string' ? method.toUpperCase() : method, path, ...rest }
}
