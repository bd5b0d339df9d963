import { readFileSync } from 'node:fs'
import type { HttpAnswer } from '../../contract.js'
import type { Call, Entry, WeixinContext } from '../entry.js'
import { between, colour, flag, matching, oneOf, type Rules, upTo, WeixinRefusal, without } from '../rules.js'

const picture = (file: string): Buffer => readFileSync(new URL(file, import.meta.url))

/** Always the same picture: what a code leads to is known to WeChat alone, not drawn in it. */
function code({ body }: Call): HttpAnswer {
  const transparent = body.is_hyaline === true
  return {
    status: 200,
    headers: { 'content-type': transparent ? 'image/png' : 'image/jpeg' },
    body: picture(transparent ? '../code.png' : '../code.jpg'),
  }
}

function unlimitedCode(call: Call, { app }: WeixinContext): HttpAnswer {
  const { page, check_path: checkPath } = call.body
  const unknown = app.pages !== undefined && page !== undefined && !app.pages.includes(String(page))
  if (unknown && checkPath !== false) throw new WeixinRefusal(41030)
  return code(call)
}

const look: Rules = {
  width: { rules: [between(280, 1280, 40097)] },
  auto_color: { rules: [flag(40097)] },
  line_color: { rules: [colour(40097)] },
  is_hyaline: { rules: [flag(40097)] },
  env_version: { rules: [oneOf(['release', 'trial', 'develop'], 40097)] },
}

export const wxacodeEntries: readonly Entry[] = [
  {
    name: 'wxacode.get',
    method: 'POST',
    path: '/wxa/getwxacode',
    token: true,
    notJson: 40159,
    body: { path: { missing: 40159, rules: [upTo(1024, 40159), without('scancode_time', 85096)] }, ...look },
    quotas: [{ per: 'life', limit: 100_000, otherwise: 45029, key: () => 'limited codes' }],
    answer: code,
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
