import { createHash } from 'node:crypto'
import { beijingDateTime } from '../../../../shared/clock.js'
import type { Api } from '../contract.js'
import { qrPicture } from '../qrPicture.js'
import { plainText } from '../server/http.js'
import type { AlipayAccount } from './account.js'
import type { AlipayContext, Call, Entry } from './entry.js'
import { encryptContent, signatureOf } from './message.js'
import {
  AlipayRefusal,
  businessFailure,
  type Content,
  invalidParameter,
  matching,
  oneOf,
  textIn,
  upTo,
} from './rules.js'
import type { AlipayUser, Login } from './users.js'

/** Texts, as the documented answers have them, although they are numbers. */
const ACCESS_SECONDS = String(15 * 24 * 3600)
const REFRESH_SECONDS = String(30 * 24 * 3600)

function loginOf({ params }: Call, { logins }: AlipayContext): Login {
  return params.grant_type === 'refresh_token'
    ? logins.byRefreshToken(params.refresh_token ?? '')
    : logins.byCode(params.code ?? '')
}

/** The login of mini programs. Everything is asked beside `biz_content`. */
export const oauthToken: Entry = {
  method: 'alipay.system.oauth.token',
  isOld: true,
  params: { grant_type: { required: true, accepts: oneOf('authorization_code', 'refresh_token') } },
  otherwise: () => new AlipayRefusal('40002', 'isv.grant-type-invalid', 'grant_type参数不正确'),
  answer(call, context) {
    const { user, accessToken, refreshToken } = loginOf(call, context)
    return {
      ...context.users.fieldOf(user, 'user_id', 'open_id'),
      union_id: user.unionId,
      access_token: accessToken,
      expires_in: ACCESS_SECONDS,
      refresh_token: refreshToken,
      re_expires_in: REFRESH_SECONDS,
      auth_start: beijingDateTime(context.clock.now()),
    }
  },
}

const PATH = '/qrcode'

/** Pixels, by how large a code is asked for: 8, 12 and 50 centimetres on paper. */
const WIDTHS: Readonly<Record<string, number>> = { s: 227, m: 340, l: 1417 }

/** Addresses of pictures, the same for the same request. */
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
  answer({ content, request }, { qrcodes }) {
    const id = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 24)
    qrcodes.set(id, content)
    const picture = (shape: string) => `${request.origin}${PATH}/${id}${shape}`
    return {
      qr_code_url: picture(''),
      qr_code_url_circle_white: picture('-white'),
      qr_code_url_circle_blue: picture('-blue'),
    }
  },
}

/** The pictures behind the addresses. Alipay draws the round ones in a way of its own, for which the square one stands in. */
export const qrcodePicture = ({ qrcodes, account }: AlipayContext): Api => ({
  name: 'alipay.qrcodePicture',
  path: `${PATH}/{id}`,
  faults: ['timeout', 'lost', 'html', 'truncated'],
  answer({ params: { id = '' } }) {
    const content = qrcodes.get(id.split('-')[0] ?? '')
    if (!content) return plainText(404, 'no such code')
    const { body, contentType } = qrPicture(textOfCode(content, account), {
      width: WIDTHS[textIn(content, 'size') ?? 'm'] ?? 0,
      colour: colourOf(textIn(content, 'color') ?? '0x000000'),
      format: 'png',
    })
    return { status: 200, headers: { 'content-type': contentType }, body }
  },
})

const textOfCode = (content: Content, { appId }: AlipayAccount): string =>
  `alipays://platformapi/startapp?${new URLSearchParams({
    appId,
    page: textIn(content, 'url_param') ?? '',
    query: textIn(content, 'query_param') ?? '',
  })}`

const colourOf = (hex: string): [number, number, number] => {
  const [r, g, b] = [2, 4, 6].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
  return [r ?? 0, g ?? 0, b ?? 0]
}

/** A message to a user. Whether there was a subscription is not looked at. */
export const templateMessage: Entry = {
  method: 'alipay.open.app.mini.templatemessage.send',
  content: {
    user_template_id: { required: true, accepts: upTo(128) },
    page: { accepts: matching(/^[^/]\S*$/) },
    // JSON inside JSON: an object in its place is the usual mistake.
    data: { required: true, accepts: isTemplateData },
  },
  otherwise: invalidParameter,
  answer({ content }, context) {
    if (!receiver(content, context)) {
      throw new AlipayRefusal('40004', 'USER_NOT_EXIST', '用户不存在')
    }
    return {}
  },
}

function receiver(content: Content, { users, agreement }: AlipayContext) {
  const [userId, openId] = [textIn(content, 'to_user_id'), textIn(content, 'to_open_id')]
  const [given, other] = agreement.userIds === 'user_id' ? [userId, openId] : [openId, userId]
  return given === undefined || other !== undefined ? undefined : users.find(given)
}

function isTemplateData(value: unknown): boolean {
  if (typeof value !== 'string') return false
  try {
    const data: unknown = JSON.parse(value)
    return typeof data === 'object' && data !== null && Object.values(data).every(isKeyword)
  } catch {
    return false
  }
}

const isKeyword = (keyword: unknown): boolean =>
  typeof keyword === 'object' && keyword !== null && 'value' in keyword

/** A certificate of Alipay's by its number, for who has an older one. The answer is signed with the newest. */
export const certDownload: Entry = {
  method: 'alipay.open.app.alipaycert.download',
  content: { alipay_cert_sn: { required: true, accepts: matching(/^[0-9a-f]{32}$/) } },
  otherwise: invalidParameter,
  answer({ content }, { keys }) {
    const file = keys.fileOf(textIn(content, 'alipay_cert_sn') ?? '')
    if (file === undefined) throw businessFailure('isv.alipay-cert-not-exist', '支付宝公钥证书不存在')
    return { alipay_cert_content: Buffer.from(file).toString('base64') }
  },
}

/** What the page gets and passes on as one JSON text. */
export interface PhoneNumber {
  /** Base64, encrypted with the key for contents. */
  response: string
  sign: string
  mobile: string
}

/** The number of a user, in a text whose signature covers its quotes. */
export function phoneNumber(user: AlipayUser, { account, keys, agreement }: AlipayContext): PhoneNumber {
  const digits = createHash('sha256').update(`phone ${user.name}`).digest().readUInt32BE()
  const mobile = `139${String(digits % 1e8).padStart(8, '0')}`
  const response = encryptContent(JSON.stringify({ code: '10000', msg: 'Success', mobile }), account)
  const sign = signatureOf(Buffer.from(`"${response}"`), keys.signer().key, agreement.signType)
  return { response, sign, mobile }
}
