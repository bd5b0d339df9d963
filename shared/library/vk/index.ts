import { checkResembling } from '../checkOptions.js'
import { type VkAlipay, vkAlipay } from './alipay.js'
import { knownVkOptions, type VkOptions } from './options.js'
import type { VkWeixin } from './types.js'
import { vkWeixin } from './weixin.js'

export interface Vk {
  readonly openapi: { readonly weixin: VkWeixin; readonly alipay: VkAlipay }
}

/**
 * The facade of `vk-unicloud`: snake_case parameters and results, `code` and `msg` in place of errors, a bare token and
 * bare pictures, and the application chosen by each call. INVALID_PARAM for an option that is none, but nearly.
 */
export function vk(options: VkOptions = {}): Vk {
  checkResembling(options, knownVkOptions)
  return { openapi: { weixin: vkWeixin(options), alipay: vkAlipay(options) } }
}
