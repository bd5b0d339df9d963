import { noticeList } from '../../shared/payment/operations/records/noticeList.js'
import { serverFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = serverFunction(noticeList)
