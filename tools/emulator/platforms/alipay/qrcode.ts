import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Api } from '../contract.js'
import type { Entry } from './entry.js'
import { invalidParameter } from './refusal.js'
import { matching, oneOf, upTo } from './rules.js'

const PATH = '/qrcode'

/** Addresses of pictures, the same for the same wish. */
export const qrcodeCreate: Entry = {
  method: 'alipay.open.app.qrcode.create',
  content: {
    url_param: { required: true, accepts: matching(/^[^/?][^?]{0,255}$/) },
    query_param: { required: true, accepts: upTo(256) },
    describe: { required: true, accepts: upTo(32) },
    color: { accepts: matching(/^0x[0-9A-Fa-f]{6}$/) },
    size: { accepts: oneOf('s', 'm', 'l') },
  },
  otherwise: invalidParameter,
  answer({ content, request }) {
    const id = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 24)
    const picture = (shape: string) => `${request.origin}${PATH}/${id}${shape}`
    return {
      qr_code_url: picture(''),
      qr_code_url_circle_white: picture('-white'),
      qr_code_url_circle_blue: picture('-blue'),
    }
  },
}

/** One picture for all of them. */
export const qrcodePicture: Api = {
  name: 'alipay.qrcodePicture',
  path: `${PATH}/{id}`,
  faults: ['timeout', 'lost', 'html', 'truncated'],
  answer: () => ({ status: 200, headers: { 'content-type': 'image/png' }, body: pictureBytes() }),
}

const pictureBytes = (): Buffer => readFileSync(new URL('../weixin/code.png', import.meta.url))
