import { mediaCheckResult } from '../../shared/message/mediaCheckResult.js'
import { cloudFunction } from '../../shared/runtime/index.js'

export const { main, handler, config } = cloudFunction(mediaCheckResult)
