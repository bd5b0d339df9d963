import { getMiniCode } from '../../shared/alipay/acode.js'
import { cloudFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = cloudFunction(getMiniCode)
