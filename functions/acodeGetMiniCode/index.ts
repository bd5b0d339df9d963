import { getMiniCode } from '../../shared/alipay/apis/acode.js'
import { cloudFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = cloudFunction(getMiniCode)
