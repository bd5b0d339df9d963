import { beijingRfc3339 } from '../../../../shared/clock.js'
import type { Entry } from './entry.js'
import { encryptResource } from './message.js'
import { V3Failure } from './rules.js'

/** `GET /v3/certificates`; a merchant with a public key alone has none. */
export const certificates: Entry = {
  name: 'weixin-pay-v3.certificates',
  method: 'GET',
  path: '/v3/certificates',
  ownSerial: true,
  answer(_call, { keys, merchant, random }) {
    const known = keys.certificates()
    if (known.length === 0) {
      throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '无可用的平台证书，请在商户平台使用微信支付公钥验签')
    }
    return {
      data: known.map(({ serialNo, pem, from, until }) => ({
        serial_no: serialNo,
        effective_time: beijingRfc3339(from),
        expire_time: beijingRfc3339(until),
        encrypt_certificate: encryptResource(pem, 'certificate', merchant.v3Key, random),
      })),
    }
  },
}
