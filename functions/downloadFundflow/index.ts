import { downloadFundflow } from '../../shared/payment/operations/downloadFundflow.js'
import { serverFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = serverFunction(downloadFundflow, { timeout: 60, memory: 512 })
