import type { Entry } from './entry.js'
import { invalidParameter, refused } from './refusal.js'
import { matching, textIn } from './rules.js'

/** A certificate of Alipay's by its number, for who has an older one. The answer is signed with the newest. */
export const certDownload: Entry = {
  method: 'alipay.open.app.alipaycert.download',
  content: { alipay_cert_sn: { required: true, accepts: matching(/^[0-9a-f]{32}$/) } },
  otherwise: invalidParameter,
  answer({ content }, { keys }) {
    const file = keys.fileOf(textIn(content, 'alipay_cert_sn') ?? '')
    if (file === undefined) throw refused('isv.alipay-cert-not-exist', '支付宝公钥证书不存在')
    return { alipay_cert_content: Buffer.from(file).toString('base64') }
  },
}
