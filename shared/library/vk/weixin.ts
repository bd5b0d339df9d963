import { HOUR_MS } from '../../clock.js'
import { weixin } from '../../generated/apis.js'
import type { Operation } from '../../operation/index.js'
import { weixinApp } from '../../weixin/app.js'
import { weixinToken } from '../../weixin/token/keeper.js'
import { methodsOf } from '../methods.js'
import { answeringFailures, bytesIn, prepare, run } from './call.js'
import { toCheck } from './imgSecCheck.js'
import { answerUnderWireNames } from './names.js'
import type { VkOptions } from './options.js'
import type { PlainMethods, VkWeixin } from './types.js'

/** `vk.openapi.weixin`: every API of the registry under WeChat's own names, and those that vk shapes differently. */
export function vkWeixin(options: VkOptions): VkWeixin {
  const call = (operation: Operation, given: unknown) =>
    answeringFailures(() => inVkShape(options, operation, given))
  const plain = methodsOf(weixin, call) as unknown as PlainMethods
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
    bytesIn(result) ??
    (answer ? answerUnderWireNames(answer, result) : { code: 0, msg: 'ok', ...(result as object) })
  )
}

type Call = (operation: Operation, given: unknown) => Promise<unknown>

const fields = (value: unknown): Record<string, unknown> => ({ ...(value as object) })

function changedMethods(options: VkOptions, call: Call) {
  return {
    auth: {
      getAccessToken: (given: unknown) => answeringFailures(() => accessToken(options, given)),
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
        answeringFailures(async () =>
          inVkShape(options, weixin.security.imgSecCheck, await toCheck(fields(given), options)),
        ),
    },
    async request(given: unknown) {
      const answer = await call(weixin.request, anyCall(fields(given)))
      if (Buffer.isBuffer(answer)) return answer
      const { msg, ...rest } = fields(answer)
      // The operation calls this parameter `path`.
      return { ...rest, msg: String(msg).replace(/^path(?=: )/, 'url') }
    },
  }
}

async function accessToken(options: VkOptions, given: unknown): Promise<string> {
  const { input, contextFor } = prepare(options, given)
  const context = contextFor(weixin.auth.getAccessToken)
  const tokens = weixinToken(weixinApp(context.settings, 'mp', context.appId), context)
  return tokens.fetchedWithin(input.cache === false ? 0 : HOUR_MS)
}

/** As many as WeChat gives at once. */
const LARGEST_PAGE = 100

function pageOf({ pageIndex = 1, pageSize = LARGEST_PAGE, ...rest }: Record<string, unknown>): object {
  if ('start' in rest) return rest
  return { start: (Number(pageIndex) - 1) * Number(pageSize), limit: pageSize, ...rest }
}

function anyCall({ method = 'POST', url, ...rest }: Record<string, unknown>): object {
  const path = typeof url === 'string' ? `/${url.replace(/^\/+/, '')}` : url
  return { method: typeof method === 'string' ? method.toUpperCase() : method, path, ...rest }
}
