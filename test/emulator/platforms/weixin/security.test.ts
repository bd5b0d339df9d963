import { setImmediate } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type LocalPlatforms, startLocalPlatforms } from '../../../../tools/emulator/platforms/index.js'
import { openReceiver, type Receiver, SAFE } from '../../../message/receiver.js'
import { exampleOf, importFunction } from '../../../weixin/examples.js'

/** The content checks, and the verdict that comes by message push. */

type Json = Record<string, unknown>

interface Scene {
  platforms: LocalPlatforms
  /** A deployment that talks to the local platforms, and that the local platforms push to once they have accepted its address. */
  room: Receiver
  openid: string
  post(path: string, body: object): Promise<Json>
}

async function deployed(t: Test): Promise<Scene> {
  const room = await openReceiver(t, SAFE)
  const platforms = await startLocalPlatforms({ clock: room.clock })
  t.teardown(() => platforms.close())
  Object.assign(room.env, platforms.settings(), platforms.pushSettings())
  const send = async (path: string, body: object) => {
    const response = await fetch(`${platforms.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
    return (await response.json()) as Json
  }
  const { appId: appid, secret } = platforms.app
  const login = { grant_type: 'client_credential', appid, secret }
  const { access_token: token } = await send('/cgi-bin/stable_token', login)
  const post = (path: string, body: object) => send(`${path}?access_token=${token}`, body)
  return { platforms, room, openid: platforms.openid('alice'), post }
}

/** Until every push has been answered. */
async function settled({ deliveries }: LocalPlatforms): Promise<void> {
  while (deliveries.some(({ attempts }) => attempts.length === 0)) await setImmediate()
}

t.test('a picture is judged later, and the verdict is found by what was answered at once', async (t) => {
  const { platforms, room, openid } = await deployed(t)
  const check = await importFunction('securityImgSecCheck')
  const ask = async (mediaUrl: string) => {
    const input = { mediaUrl, scene: 1, openid }
    return String(((await check.main(input, { SOURCE: 'function' })) as Json).traceId)
  }
  const unheard = await ask('https://example.com/unheard.png')
  await room.clock.advance(3000)
  t.strictSame(platforms.deliveries, [], 'nobody has given an address')
  t.match(await platforms.checkPushAddress(await room.listen()), { accepted: true })
  for (const suggest of ['pass', 'review', 'risky']) {
    const traceId = await ask(`https://example.com/${suggest}.png`)
    t.match(await room.verdict(traceId, 'server'), { state: 'waiting' })
    await room.clock.advance(2000)
    await settled(platforms)
    t.match(await room.verdict(traceId, 'server'), { state: 'checked', suggest })
  }
  t.match(await room.verdict(unheard, 'server'), { state: 'waiting' })
  t.equal(platforms.deliveries.length, 3)
  t.strictSame(room.refusals(), [])
})

t.test('the address of another machine, or one that does not echo, is not pushed to', async (t) => {
  const { platforms, room, openid, post } = await deployed(t)
  const url = await room.listen()
  room.env.WEIXIN_MESSAGE_TOKEN = 'another'
  t.match(await platforms.checkPushAddress(url), { accepted: false })
  await t.rejects(platforms.checkPushAddress('https://example.com/'), /not this machine/)
  const media = { media_url: 'https://example.com/a.png', media_type: 2, version: 2, scene: 1, openid }
  t.match(await post('/wxa/media_check_async', media), { errcode: 0, trace_id: /\w+/ })
  await room.clock.advance(3000)
  t.strictSame(platforms.deliveries, [])
})

t.test('texts are judged at once, in both versions', async (t) => {
  const { openid, post } = await deployed(t)
  const text = (content: string) => post('/wxa/msg_sec_check', { content, version: 2, scene: 1, openid })
  t.match(await text('hello'), { errcode: 0, result: { suggest: 'pass', label: 100 } })
  t.match(await text('risky words'), { errcode: 0, result: { suggest: 'risky', label: 20002 } })
  const asText = { content: 'hello', version: '2', scene: 1, openid }
  t.match(await post('/wxa/msg_sec_check', asText), { errcode: 0, result: { suggest: 'pass' } })
  t.match(await post('/wxa/msg_sec_check', { ...asText, version: '3' }), { errcode: 40097 })
  t.match(await post('/wxa/msg_sec_check', { content: 'hello' }), { errcode: 0, errmsg: 'ok' })
  t.match(await post('/wxa/msg_sec_check', { content: 'risky words' }), { errcode: 87014 })
})

t.test('what WeChat refuses, the local platforms refuse', async (t) => {
  const { openid, post } = await deployed(t)
  const media = { media_url: 'https://example.com/a.png', media_type: 2, version: 2, scene: 1, openid }
  const text = { content: 'hello', version: 2, scene: 1, openid }
  for (const [path, right, wrong, errcode] of [
    ['/wxa/media_check_async', media, { media_url: '' }, 47001],
    ['/wxa/media_check_async', media, { media_type: 3 }, 40004],
    ['/wxa/media_check_async', media, { scene: 5 }, 40129],
    ['/wxa/media_check_async', media, { openid: 'oNobody' }, 40003],
    ['/wxa/msg_sec_check', text, { content: '' }, 47001],
    ['/wxa/msg_sec_check', text, { content: 'x'.repeat(2501) }, 45002],
    ['/wxa/msg_sec_check', text, { scene: undefined }, 47001],
    ['/wxa/msg_sec_check', text, { openid: 'oNobody' }, 40003],
  ] as const) {
    t.match(await post(path, { ...right, ...wrong }), { errcode }, `${path} ${Object.keys(wrong)}`)
  }
})

t.test('what the functions send is what the local platforms understand', async (t) => {
  const { openid, post } = await deployed(t)
  for (const name of ['securityMsgSecCheck', 'securityImgSecCheck']) {
    const { path, body } = exampleOf(name).upstream[0]?.request ?? { path: '', body: {} }
    t.match(await post(path, { ...body, openid }), { errcode: 0, trace_id: /\w+/ }, name)
  }
})
