import { join } from 'node:path'
import t, { type Test } from 'tap'
import { nonce, systemClock, systemRandom } from '../../shared/clock.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { HUB_HEADERS, hubSignature } from '../../shared/weixin/token/hub.js'
import { startLocalCloud } from '../../tools/emulator/cloud/index.js'
import { startLocalPlatforms } from '../../tools/emulator/platforms/index.js'

/** The built functions that others call by URL, behind every URL door of both clouds. */

const dist = join(import.meta.dirname, '..', '..', 'dist')
const doors = ['http', 'fc2', 'fc3']

const KEY = systemRandom.bytes(32)

async function openCloud(t: Test) {
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const platforms = await startLocalPlatforms()
  t.teardown(() => platforms.close())
  const env = {
    ...{ ...platforms.settings(), ...platforms.pushSettings() },
    ...{ TOKEN_HUB_KEY: KEY.toString('base64'), TOKEN_HUB_APPS: platforms.app.appId },
  }
  const cloud = await startLocalCloud({ dist, env, store, log: () => undefined })
  t.teardown(() => cloud.close())
  return { store, platforms, cloud }
}

t.test('messageNotify is found by the console, and understands nested XML as well as JSON', async (t) => {
  const { store, platforms, cloud } = await openCloud(t)
  for (const door of doors) {
    const url = `${cloud.url}/${door}/messageNotify`
    t.match(await platforms.checkPushAddress(url), { accepted: true }, door)
    for (const format of ['json', 'xml'] as const) {
      const trace_id = `${door}-${format}`
      const message = {
        ...{ Event: 'wxa_media_check', appid: platforms.app.appId, trace_id, errcode: 0, version: 2 },
        result: { suggest: 'pass', label: 100 },
        detail: [{ strategy: 'content_model', errcode: 0, suggest: 'pass', label: 100, prob: 90 }],
      }
      const delivery = await platforms.push(url, message, { format })
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
  const { platforms, cloud } = await openCloud(t)
  const body = JSON.stringify({ appId: platforms.app.appId })
  const tokens = new Set<unknown>()
  for (const door of doors) {
    const timestamp = String(Math.floor(systemClock.now() / 1000))
    const call = { method: 'POST', timestamp, nonce: nonce(systemRandom), body }
    const headers = {
      [HUB_HEADERS.timestamp]: timestamp,
      [HUB_HEADERS.nonce]: call.nonce,
      [HUB_HEADERS.signature]: hubSignature(KEY, call),
    }
    const url = `${cloud.url}/${door}/tokenGet`
    const answer = await fetch(url, { method: 'POST', headers, body })
    t.equal(answer.status, 200, door)
    tokens.add(((await answer.json()) as { accessToken: string }).accessToken)
    t.equal((await fetch(url, { method: 'POST', headers, body })).status, 401, 'and for each call once')
  }
  t.equal(tokens.size, 1)
})
