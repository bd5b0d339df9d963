import { joinedByName, type Signable } from '../crypto/index.js'

/** The text Alipay signs; `sign_type` counts unless `leaveOut` names it. https://opendocs.alipay.com/common/02kf5q */
export const canonical = (fields: Signable, leaveOut: readonly string[] = []): string =>
  joinedByName(fields, ['sign', ...leaveOut])
