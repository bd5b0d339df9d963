import { join } from 'node:path'
import t, { type Test } from 'tap'
import { nonce, systemClock, systemRandom } from '../../shared/clock.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { HUB_HEADERS, hubSignature } from '../../shared/weixin/token/hub.js'
import { startGateway } from '../../tools/emulator/cloud/index.js'
import { startTwin } from '../../tools/emulator/platforms/index.js'

/** The built functions that others call by URL, behind every URL door of both clouds. */

const dist = join(import.meta.dirname, '..', '..', 'dist')
const doors = ['http', 'fc2', 'fc3']

const KEY = systemRandom.bytes(32)

async function cloud(t: Test) {
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const twin = await startTwin()
  t.teardown(() => twin.close())
  const env = {
    ...{ ...twin.settings(), ...twin.pushSettings() },
    ...{ TOKEN_HUB_KEY: KEY.toString('base64'), TOKEN_HUB_APPS: twin.app.appId },
  }
  const gateway = await startGateway({ dist, env, store, log: () => undefined })
  t.teardown(() => gateway.close())
  return { store, twin, gateway }
}

t.test('messageNotify is found by the console, and understands nested XML as well as JSON', async (t) => {
  const { store, twin, gateway } = await cloud(t)
  for (const door of doors) {
    const url = `${gateway.url}/${door}/messageNotify`
    t.match(await twin.checkPushAddress(url), { accepted: true }, door)
    for (const format of ['json', 'xml'] as const) {
      const trace_id = `${door}-${format}`
      const message = {
        ...{ Event: 'wxa_media_check', appid: twin.app.appId, trace_id, errcode: 0, version: 2 },
        result: { suggest: 'pass', label: 100 },
        detail: [{ strategy: 'content_model', errcode: 0, suggest: 'pass', label: 100, prob: 90 }],
      }
      const delivery = await twin.push(url, message, { format })
      t.match(delivery, { state: 'delivered', attempts: [{ status: 200, answer: 'success' }] }, trace_id)
    }
    const forged = await fetch(`${url}?signature=0&timestamp=0&nonce=0`, { method: 'POST', body: '<xml/>' })
    t.strictSame([forged.status, await forged.text()], [403, 'refused'], door)
  }
  const due = await store.events.due(systemClock.now(), 100)
  t.strictSame(
    due
      .map(({ event }) => (JSON.parse(event.data) as { message: { traceId: string } }).message.traceId)
      .sort(),
    doors.flatMap((door) => [`${door}-json`, `${door}-xml`]).sort(),
  )
})

t.test('tokenGet hands out one token at every door, whatever the door makes of its path', async (t) => {
  const { twin, gateway } = await cloud(t)
  const body = JSON.stringify({ appId: twin.app.appId })
  const tokens = new Set<unknown>()
  for (const door of doors) {
    const timestamp = String(Math.floor(systemClock.now() / 1000))
    const call = { method: 'POST', timestamp, nonce: nonce(systemRandom), body }
    const headers = {
      [HUB_HEADERS.timestamp]: timestamp,
      [HUB_HEADERS.nonce]: call.nonce,
      [HUB_HEADERS.signature]: hubSignature(KEY, call),
    }
    const url = `${gateway.url}/${door}/tokenGet`
    const answer = await fetch(url, { method: 'POST', headers, body })
    t.equal(answer.status, 200, door)
    tokens.add(((await answer.json()) as { accessToken: string }).accessToken)
    t.equal((await fetch(url, { method: 'POST', headers, body })).status, 401, 'and for each call once')
  }
  t.equal(tokens.size, 1)
})
