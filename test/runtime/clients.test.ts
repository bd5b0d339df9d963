import t, { type Test } from 'tap'
import { type Clock, systemRandom } from '../../shared/clock.js'
import type { Operation } from '../../shared/operation/index.js'
import { cloudFunction } from '../../shared/runtime/index.js'
import { hashToken, openSession } from '../../shared/session.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import type { Store } from '../../shared/store/port.js'
import { probe, withHost } from './probe.js'

/** What a deployment remembers of its clients: who they are, how often they called, what was made for them. */

const MINUTE_MS = 60_000
const DAY_MS = 24 * 3600 * 1000

interface Room {
  store: Store
  /** Lets time pass. */
  pass(ms: number): void
  logIn(openid: string, appId?: string): Promise<string>
  call(operation: Operation, data: object): Promise<Record<string, unknown>>
}

async function roomFor(t: Test): Promise<Room> {
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  let now = Date.UTC(2026, 0, 31, 4)
  const clock: Clock = {
    now: () => now,
    sleep: (_ms, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
  }
  return {
    store,
    pass(ms) {
      now += ms
    },
    async logIn(openid, appId = 'wx0000000000000001') {
      const login = { provider: 'weixin', appId, openid } as const
      return (await openSession(login, { store, clock, random: systemRandom })).sessionToken
    },
    call: (operation, data) =>
      withHost({ store, clock }, () => cloudFunction(operation).main(data, { SOURCE: 'client' })) as Promise<
        Record<string, unknown>
      >,
  }
}

t.test('each user has calls of their own in every minute', async (t) => {
  const { pass, logIn, call } = await roomFor(t)
  const one = { sessionToken: await logIn('one') }
  const other = { sessionToken: await logIn('other') }
  for (const [allowed, operation] of [
    [60, probe({ session: 'required' })],
    [2, probe({ name: 'rare', session: 'required', perMinute: 2 })],
  ] as const) {
    for (let i = 0; i < allowed; i++) t.match(await call(operation, one), { errCode: 0 }, `call ${i + 1}`)
    t.match(await call(operation, one), { errCode: 'TOO_MANY_REQUESTS', advice: 'wait' })
    t.match(await call(operation, other), { errCode: 0 }, 'nobody pays for another')
    pass(MINUTE_MS)
    t.match(await call(operation, one), { errCode: 0 }, 'the next minute has room')
  }
})

t.test('a login ends after a week, and the store never holds what the client presents', async (t) => {
  const { store, pass, logIn, call } = await roomFor(t)
  const operation = probe({ session: 'required' })
  const sessionToken = await logIn('one')
  t.notOk(await store.sessions.find(sessionToken, 0))
  t.match(await store.sessions.find(hashToken(sessionToken), 0), { openid: 'one' })
  pass(7 * DAY_MS - 1)
  t.match(await call(operation, { sessionToken }), { errCode: 0 })
  pass(1)
  t.match(await call(operation, { sessionToken }), { errCode: 'LOGIN_REQUIRED' })
  t.match(await call(operation, { sessionToken: hashToken(sessionToken) }), { errCode: 'LOGIN_REQUIRED' })
})

t.test(
  'what was made is answered again: for the same input, to the same application, as long as said',
  async (t) => {
    const { pass, logIn, call } = await roomFor(t)
    let made = 0
    const making = (changes: Partial<Operation>) =>
      probe({
        session: 'required',
        run: async () => ({ contentType: 'image/png', buffer: Buffer.from([++made]) }),
        ...changes,
      })
    const code = making({ keepDays: 30 })
    const one = { sessionToken: await logIn('one'), path: 'a' }
    const first = await call(code, one)
    t.match(first, { errCode: 0, contentType: 'image/png', base64: 'AQ==' })
    t.strictSame(await call(code, { path: 'a', sessionToken: await logIn('other') }), first, 'to everybody')
    t.equal(made, 1)
    const elsewhere = { ...one, sessionToken: await logIn('one', 'wx0000000000000002') }
    t.match(await call(code, elsewhere), { base64: 'Ag==' }, 'another application has codes of its own')
    t.match(await call(code, { ...one, path: 'b' }), { base64: 'Aw==' })
    pass(30 * DAY_MS)
    const later = { ...one, sessionToken: await logIn('one') }
    t.match(await call(code, later), { base64: 'BA==' })
    const answer = making({ name: 'answer' })
    await call(answer, later)
    t.match(await call(answer, later), { base64: 'Bg==' }, 'other operations run every time')
  },
)

t.test('one user does not use up what is made for all: its quota, and the room it is kept in', async (t) => {
  const { pass, logIn, call } = await roomFor(t)
  let made = 0
  const code = probe({
    session: 'required',
    keepDays: 30,
    run: async () => ({ contentType: 'image/png', buffer: Buffer.from([++made]) }),
  })
  const sessionToken = await logIn('one')
  for (let i = 0; i < 100; i++) {
    t.match(await call(code, { sessionToken, path: String(i) }), { errCode: 0 })
    if (i % 50 === 49) pass(MINUTE_MS)
  }
  const refused = await call(code, { sessionToken, path: 'new' })
  t.match(refused, { errCode: 'TOO_MANY_REQUESTS', errMsg: /tomorrow/ })
  t.equal(made, 100)
  t.match(await call(code, { sessionToken, path: '7' }), { errCode: 0 }, 'what is there is still answered')
  t.match(await call(code, { sessionToken: await logIn('other'), path: 'new' }), { errCode: 0 })
  pass(12 * 60 * MINUTE_MS)
  t.match(await call(code, { sessionToken, path: 'newer' }), { errCode: 0 }, 'the day ends in Beijing')
})
