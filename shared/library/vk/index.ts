import { type VkAlipay, vkAlipay } from './alipay.js'
import type { VkOptions } from './options.js'
import type { VkWeixin } from './types.js'
import { vkWeixin } from './weixin.js'

export interface Vk {
  readonly openapi: { readonly weixin: VkWeixin; readonly alipay: VkAlipay }
}

/**
 * The facade of `vk-unicloud`: snake_case parameters and results, `code` and `msg` in place of errors, a bare token and
 * bare pictures, and the application chosen by each call.
 */
export const vk = (options: VkOptions = {}): Vk => ({
  openapi: { weixin: vkWeixin(options), alipay: vkAlipay(options) },
})
