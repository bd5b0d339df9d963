import { alipay } from '../../generated/apis.js'
import type { Operation, OutputOf } from '../../operation/index.js'
import { methodsOf } from '../methods.js'
import { answeringFailures, prepare, run } from './call.js'
import { snakeCaseKeys } from './names.js'
import type { PerCallApp, VkOptions } from './options.js'
import type { VkAnswer, VkMethods } from './types.js'

type AlipayPerCall = Omit<PerCallApp, 'appsecret'>

type Plain = VkMethods<typeof alipay, AlipayPerCall>

type Login = OutputOf<typeof alipay.auth.code2Session>

export interface VkAlipay extends Omit<Plain, 'auth' | 'request'> {
  readonly auth: {
    /** Under our names: Alipay's own for an openid differ from application to application. */
    code2Session(given: AlipayPerCall & { code: string; needKey?: boolean }): Promise<VkAnswer<Login>>
  }
  /** Any method, under Alipay's names. */
  request(
    given: AlipayPerCall & { method: string; data?: Record<string, unknown> },
  ): Promise<VkAnswer<Record<string, unknown>>>
}

/** `vk.openapi.alipay`. */
export function vkAlipay(options: VkOptions): VkAlipay {
  const call = (rename: (result: unknown) => unknown) => (operation: Operation, given: unknown) =>
    answeringFailures(async () => {
      const { result } = await run(operation, prepare(options, given))
      return { code: 0, msg: 'ok', ...(rename(result) as object) }
    })
  const asItIs = call((result) => result)
  return {
    ...(methodsOf(alipay, call(snakeCaseKeys)) as unknown as Plain),
    auth: { code2Session: (given: unknown) => asItIs(alipay.auth.code2Session, given) },
    request: (given: unknown) => asItIs(alipay.request, given),
  } as VkAlipay
}
