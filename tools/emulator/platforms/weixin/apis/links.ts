import { DAY_MS, nonce } from '../../../../../shared/clock.js'
import type { Call, Effect, MadeLink, Quota, WeixinContext } from '../entry.js'

const LONGEST_DAYS = 30

/** Schemes and links together, a day. */
const links: Quota = { per: 'day', limit: 500_000, otherwise: 45009, key: () => 'links' }

function made(link: string, target: unknown, { body }: Call, { clock, links: all }: WeixinContext): MadeLink {
  const { path = '', query = '' } = { ...(target as { path?: string; query?: string } | undefined) }
  const { expire_type: type, expire_time: seconds, expire_interval: days = LONGEST_DAYS } = body
  const until =
    type === 1 || seconds === undefined ? clock.now() + Number(days) * DAY_MS : Number(seconds) * 1000
  const one = { link, path, query, until }
  all.push(one)
  return one
}

const scheme: Effect = (call, context) => {
  const link = `weixin://dl/business/?t=${nonce(context.random, 11)}`
  return { errcode: 0, errmsg: 'ok', openlink: made(link, call.body.jump_wxa, call, context).link }
}

const urlLink: Effect = (call, context) => {
  const link = `https://wxaurl.cn/${nonce(context.random, 11)}`
  return { errcode: 0, errmsg: 'ok', url_link: made(link, call.body, call, context).link }
}

export const linkEffects = {
  '/wxa/generatescheme': { answer: scheme, quotas: [links] },
  '/wxa/generate_urllink': { answer: urlLink, quotas: [links] },
} as const
