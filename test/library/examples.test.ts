import t, { type Test } from 'tap'
import { weixin } from '../../shared/generated/apis.js'
import { NOW } from '../weixin/deployment.js'
import type { Case } from '../weixin/examples.js'
import { freshLibrary, inHost, stillHost } from './built.js'
import { apis, expect, type Fields, methodAt, OPENID, recorder, sent, wanted } from './recorded.js'

/** Every example of a WeChat API, by the library: what is sent is the same as by the function, and so is what comes back. */

inHost(t, stillHost(NOW))

/** Bytes as the functions answer them. */
function asJson({ buffer, ...rest }: Fields): unknown {
  const base64 = Buffer.isBuffer(buffer) ? { base64: buffer.toString('base64') } : {}
  return JSON.parse(JSON.stringify({ ...rest, ...base64 })) as unknown
}

/** A client's openid is its session's; the library's callers say it. */
const inputOf = ({ as, input }: Case): Fields =>
  as === 'client' && 'scene' in input && !('page' in input) ? { ...input, openid: OPENID } : input

async function sameAnswer(t: Test, operation: string, answer: Promise<Fields>, { output }: Case) {
  t.strictSame(asJson(await answer), { errCode: 0, errMsg: `openapi.${operation}:ok`, ...output })
}

const namesIn = (registry: object): string[] =>
  Object.values(registry).flatMap((entry: object) =>
    'run' in entry && 'name' in entry ? [String(entry.name)] : namesIn(entry),
  )

t.test('every API has a method, and every method an example', async (t) => {
  const told = [...apis.map(({ operation }) => operation), 'auth.code2Session']
  t.strictSame(namesIn(weixin).sort(), told.sort())
  for (const name of told)
    t.type(methodAt(freshLibrary().initWeixin({ appId: 'any' }), name), 'function', name)
})

for (const { operation, cases, refused, appId, secret } of apis) {
  t.test(operation, async (t) => {
    const instance = freshLibrary().initWeixin({ appId, secret, endpoints: { weixinApi: recorder.url } })
    const method = methodAt(instance, operation)
    for (const kase of cases) {
      expect(kase)
      const answer = method(inputOf(kase))
      if (kase.fails) await t.rejects(answer, { ...kase.fails, name: 'OpenapiError' })
      else await sameAnswer(t, operation, answer, kase)
      t.strictSame(sent(), wanted(kase))
    }
    for (const { input, errCode, field } of refused) {
      expect({ upstream: [] })
      await t.rejects(method(input), { name: 'OpenapiError', errCode, errMsg: new RegExp(`^${field}: `) })
      t.strictSame(sent(), [], 'nothing was sent')
    }
  })
}
