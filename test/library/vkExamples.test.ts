import t from 'tap'
import { NOW } from '../weixin/deployment.js'
import type { Case } from '../weixin/examples.js'
import { freshLibrary, inHost, stillHost } from './built.js'
import { apis, expect, type Fields, methodAt, recorder, sent, wanted } from './recorded.js'

/** vk speaks WeChat's own words: what an example says is sent is what a vk user writes, and what came is what he gets. */

inHost(t, stillHost(NOW))

/** Shaped otherwise by vk's document; `vkWeixin.test.ts` has them. */
const OTHERWISE = [
  'auth.getAccessToken',
  'decrypt.getPhoneNumber',
  'request',
  'security.imgSecCheck',
  'uniformMessage.send',
]

/** One request with a JSON body or none, which is answered with JSON that a double can hold, or a picture. */
function isPlain({ upstream: [exchange, ...others], fails }: Case): boolean {
  if (!exchange || others.length > 0 || fails) return false
  return exchange.request.contentType !== 'multipart/form-data' && exchange.reply.text === undefined
}

/** What a case sends; which version of a check is meant is not part of it. */
function givenIn(kase: Case): Fields {
  const [request] = wanted(kase)
  const { version } = kase.input
  return { ...request?.query, ...request?.body, ...(version === undefined ? {} : { version }) }
}

const asTexts = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, each: unknown) =>
    typeof each === 'number' || typeof each === 'boolean' ? String(Number(each)) : each,
  ) as unknown

for (const { operation, cases, appId, secret } of apis) {
  if (OTHERWISE.includes(operation)) continue
  t.test(operation, async (t) => {
    const app = { appid: appId, appsecret: secret }
    const { openapi } = freshLibrary().vk({
      [operation.startsWith('h5.') ? 'h5-weixin' : 'mp-weixin']: { oauth: { weixin: app } },
      endpoints: { weixinApi: recorder.url },
    })
    const plain = cases.filter(isPlain)
    t.ok(plain.length > 0 || operation.startsWith('img.') || operation.endsWith('uploadTempMedia'))
    for (const kase of plain) {
      expect(kase)
      const answer = await methodAt(openapi.weixin, operation)(givenIn(kase))
      t.strictSame(sent(), wanted(kase))
      const reply = kase.upstream[0]?.reply
      if (reply?.base64 !== undefined) {
        t.strictSame(answer, Buffer.from(reply.base64, 'base64'))
        continue
      }
      const { errcode = 0, errmsg = 'ok', ...fields } = { ...reply?.body } as Fields
      // Flags and numbers that WeChat writes in two ways come in one.
      t.strictSame(asTexts(answer), asTexts({ code: errcode, msg: errmsg, ...fields }))
    }
  })
}
