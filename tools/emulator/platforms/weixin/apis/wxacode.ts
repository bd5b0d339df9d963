import type { HttpAnswer } from '../../contract.js'
import { qrPicture } from '../../qrPicture.js'
import type { Call, Effect, Entry, MadeCode, Quota, WeixinContext } from '../entry.js'
import { between, colour, flag, matching, oneOf, type Rules, upTo, WeixinRefusal, without } from '../rules.js'

const USUAL_WIDTH = 430

/**
 * What is drawn in the picture. WeChat's round code has a format of its own that only WeChat reads, so a QR code stands
 * in for it here, and says in the open what it leads to.
 */
const textOf = ({ page, scene, envVersion }: MadeCode, appId: string): string =>
  `weixin://local/?${new URLSearchParams({ appid: appId, page, ...(scene === undefined ? {} : { scene }), env: envVersion })}`

function picture(code: MadeCode, { body }: Call, { app, codes }: WeixinContext): HttpAnswer {
  codes.push(code)
  const { width = USUAL_WIDTH, line_color: line, is_hyaline: transparent } = body
  const { r, g, b } = { r: 0, g: 0, b: 0, ...(line as object | undefined) }
  const { contentType, body: bytes } = qrPicture(textOf(code, app.appId), {
    ...{ width: Number(width), colour: [Number(r), Number(g), Number(b)] },
    // WeChat answers with JPEG, which knows no transparent background.
    ...(transparent === true ? { format: 'png', transparent } : { format: 'jpeg' }),
  })
  return { status: 200, headers: { 'content-type': contentType }, body: bytes }
}

const envVersionOf = ({ body }: Call): string => String(body.env_version ?? 'release')

const limitedCode = (kind: 'limited' | 'square') => (call: Call, context: WeixinContext) =>
  picture({ kind, page: String(call.body.path), envVersion: envVersionOf(call) }, call, context)

function unlimitedCode(call: Call, context: WeixinContext): HttpAnswer {
  const { page, scene, check_path: checkPath } = call.body
  const { pages } = context.app
  const unknown = pages !== undefined && page !== undefined && !pages.includes(String(page))
  if (unknown && checkPath !== false) throw new WeixinRefusal(41030)
  const code = { page: String(page ?? ''), scene: String(scene), envVersion: envVersionOf(call) }
  return picture({ kind: 'unlimited', ...code }, call, context)
}

const look: Rules = {
  width: { rules: [between(280, 1280, 40097)] },
  auto_color: { rules: [flag(40097)] },
  line_color: { rules: [colour(40097)] },
  is_hyaline: { rules: [flag(40097)] },
  env_version: { rules: [oneOf(['release', 'trial', 'develop'], 40097)] },
}

/** `get` and `createQRCode` together make 100,000 codes in the life of a mini program. */
const limitedCodes: Quota = { per: 'life', limit: 100_000, otherwise: 45029, key: () => 'limited codes' }

/** `/cgi-bin/wxaapp/createwxaqrcode`. */
export const squareCode = { answer: limitedCode('square') satisfies Effect, quotas: [limitedCodes] }

export const wxacodeEntries: readonly Entry[] = [
  {
    name: 'wxacode.get',
    method: 'POST',
    path: '/wxa/getwxacode',
    token: true,
    notJson: 40159,
    body: { path: { missing: 40159, rules: [upTo(1024, 40159), without('scancode_time', 85096)] }, ...look },
    quotas: [limitedCodes],
    answer: limitedCode('limited'),
  },
  {
    name: 'wxacode.getUnlimited',
    method: 'POST',
    path: '/wxa/getwxacodeunlimit',
    token: true,
    notJson: 40169,
    body: {
      scene: {
        missing: 40169,
        rules: [upTo(32, 40169), matching(/^[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]+$/, 40129)],
      },
      page: { rules: [matching(/^[^/?][^?]*$/, 41030), without('scancode_time', 85096)] },
      check_path: { rules: [flag(40097)] },
      ...look,
    },
    quotas: [{ per: 'minute', limit: 5000, otherwise: 45009 }],
    answer: unlimitedCode,
  },
]
