import t, { type Test } from 'tap'
import { APP_ID, biz, merchant, type Params, pem, sdk } from '../alipay/world.js'
import { exampleOf, importFunction } from '../weixin/examples.js'
import { type Door, doors, inWorld } from '../weixin/world.js'
import { type AlipayRoom, alipayRoom } from './world.js'

/** The Alipay side of functions that serve both platforms: what their examples say, through every door. */

interface Case {
  as: 'client' | 'server'
  input: Record<string, unknown>
  upstream: {
    request: { method: string; params?: Params; content?: object }
    reply: object
  }[]
  output?: object
  fails?: object
}

const casesOf = (name: string): Case[] => (exampleOf(name) as unknown as { alipay: Case[] }).alipay

/** The published SDK in Alipay's place. */
const judge = sdk({ alipayPublicKey: pem(merchant.publicKey) })

function sameRequest(
  t: Test,
  got: Params | undefined,
  { method, params, content }: Case['upstream'][0]['request'],
) {
  t.ok(judge.checkNotifySignV2(got), 'signed')
  const { sign: _sign, biz_content: _content, ...rest } = got ?? {}
  t.strictSame(rest, {
    ...{ app_id: APP_ID, method, format: 'JSON', charset: 'utf-8', sign_type: 'RSA2', version: '1.0' },
    timestamp: '2026-01-31 12:00:00',
    ...params,
  })
  t.strictSame(biz(got), content ?? {})
}

async function check(t: Test, name: string, kase: Case, door: Door, room: AlipayRoom) {
  const fn = await importFunction(name)
  room.gateway.received.length = 0
  room.replies.push(...kase.upstream.map(({ reply }) => reply))
  const env = { ...room.env, ...door.env }
  const answer = await inWorld({ weixin: 'http://127.0.0.1:9', env }, () => door.enter(fn, kase.input))
  t.equal(room.gateway.received.length, kase.upstream.length, 'as many requests as told')
  for (const [i, { request }] of kase.upstream.entries()) sameRequest(t, room.gateway.received[i], request)
  if (kase.fails) t.match(answer, { ...kase.fails, errSubject: 'unicloud-openapi' })
  else t.strictSame(answer, { errCode: 0, errMsg: 'ok', ...kase.output })
}

for (const name of ['authCode2Session', 'subscribeMessageSend', 'openapiRequest']) {
  t.test(name, async (t) => {
    const room = await alipayRoom(t)
    const cases = casesOf(name)
    t.ok(cases.length >= 2)
    for (const kase of cases) {
      for (const door of doors[kase.as]) {
        await t.test(`${door.name}: ${JSON.stringify(kase.input).slice(0, 60)}`, (t) =>
          check(t, name, kase, door, room),
        )
      }
    }
  })
}
