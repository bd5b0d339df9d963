import { downloadBill } from '../../shared/payment/operations/downloadBill.js'
import { serverFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = serverFunction(downloadBill, { timeout: 60, memory: 512 })
