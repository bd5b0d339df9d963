import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { operations } from '../../shared/generated/operations.js'
import type { CloudFunction } from '../../shared/runtime/index.js'
import { APP_ID, inDeployment, type WayIn, waysIn } from '../weixin/deployment.js'
import { exampleOf, importFunction, type Recorder, startRecorder } from '../weixin/examples.js'

/** One function in place of many: no way around any rule of the functions it stands for. */

type Fields = Record<string, unknown>

const openapi = await importFunction('openapi')
const folders = readdirSync(join(import.meta.dirname, '..', '..', 'functions')).sort()
const functions: [string, CloudFunction][] = []
for (const folder of folders) functions.push([folder, await importFunction(folder)])

const ofClientsAndServers = functions.filter(
  ([name, { config }]) => name !== 'openapi' && config.reach !== 'callback' && config.every === undefined,
)

function functionOf(name: string): CloudFunction {
  const found = functions.find(([folder]) => folder === name)?.[1]
  if (!found) throw new Error(`no function ${name}`)
  return found
}

const recorder: Recorder = await startRecorder()
t.teardown(() => recorder.close())

/** What differs from call to call. */
const lasting = ({ requestId: _requestId, ...answer }: Fields): Fields => answer

/** Calls in one world: by an operation's own function, or the same data through `openapi`. */
type Ways = Record<'directly' | 'dispatched', (fn: CloudFunction, data: object) => Promise<Fields>>

function through<T>(
  wayIn: WayIn,
  work: (ways: Ways, logIn: () => Promise<string>) => Promise<T>,
  env: Record<string, string> = {},
): Promise<T> {
  const ways: Ways = {
    directly: async (fn, data) => lasting(await wayIn.enter(fn, data)),
    dispatched: async (fn, data) => lasting(await wayIn.enter(openapi, { api: fn.config.operation, data })),
  }
  return inDeployment({ weixin: recorder.url, env: { ...env, ...wayIn.env } }, (logIn) => work(ways, logIn))
}

t.test('the list is the folders: all that clients and servers call, no callback, no timer', async (t) => {
  t.strictSame(
    Object.keys(operations).sort(),
    ofClientsAndServers.map(([, { config }]) => config.operation).sort(),
  )
  for (const [name, load] of Object.entries(operations)) t.equal((await load()).name, name)
})

/** A server's wayIn says of a URL that it is one; by `openapi` it is a client's call, and refused as such. */
const told = (answer: Fields): Fields => ({
  ...answer,
  errMsg: String(answer.errMsg).replace('called by URL', 'called from a client'),
})

t.test('refusals are the same, word for word, of every operation at every wayIn', async (t) => {
  for (const wayIn of [...waysIn.client, ...waysIn.server]) {
    await through(wayIn, async ({ directly, dispatched }, logIn) => {
      const session = { sessionToken: await logIn() }
      for (const [name, fn] of ofClientsAndServers) {
        for (const data of [{ nonsense: 1 }, { nonsense: 1, ...session }]) {
          const label = `${wayIn.name}, ${name} ${Object.keys(data)}`
          t.strictSame(told(await dispatched(fn, data)), told(await directly(fn, data)), label)
        }
      }
    })
  }
})

t.test('what is answered is the same, from the same request', async (t) => {
  for (const name of [
    'wxacodeGetUnlimited',
    'securityMsgSecCheck',
    'urllinkGenerate',
    'customerServiceMessageSend',
  ]) {
    const fn = functionOf(name)
    const { input, upstream, as } = exampleOf(name)
    const replies = upstream.map(({ reply }) => reply)
    for (const wayIn of waysIn[as]) {
      const answers: Fields[] = []
      recorder.requests.length = 0
      for (const way of ['directly', 'dispatched'] as const) {
        recorder.replies = [...replies]
        const work = async (ways: Ways, logIn: () => Promise<string>) =>
          ways[way](fn, { ...input, ...(as === 'client' ? { sessionToken: await logIn() } : {}) })
        answers.push(await through(wayIn, work))
      }
      const [direct, dispatched] = answers
      t.match(direct, { errCode: 0 }, `${wayIn.name}, ${name}`)
      t.strictSame(dispatched, direct)
      const half = recorder.requests.length / 2
      t.strictSame(recorder.requests.slice(half), recorder.requests.slice(0, half))
    }
  }
})

const [client] = waysIn.client
if (!client) throw new Error('no wayIn for clients')

t.test('a client does not reach more than by the functions themselves', async (t) => {
  await through(client, async ({ dispatched }, logIn) => {
    const sessionToken = await logIn()
    for (const [name, fn] of ofClientsAndServers) {
      if (fn.config.reach === 'client') continue
      t.match(await dispatched(fn, { sessionToken }), { errCode: 'FORBIDDEN' }, name)
    }
  })
  const { input, upstream } = exampleOf('wxacodeCreateQRCode')
  recorder.replies = upstream.map(({ reply }) => reply)
  const clientFunctions = { OPENAPI_CLIENT_FUNCTIONS: 'wxacodeCreateQRCode' }
  const work = async ({ dispatched }: Ways, logIn: () => Promise<string>) =>
    dispatched(functionOf('wxacodeCreateQRCode'), { ...input, sessionToken: await logIn() })
  t.match(await through(client, work, clientFunctions), { errCode: 0 })
})

const noOperations = [
  ...['openapi', 'token.refresh', 'payment.verifyPaymentNotify', 'payment.eventDispatch', 'message.notify'],
  ...['constructor', '__proto__', 'toString', '../weixin/auth', 'wxacodeGet', ''],
]

t.test(
  'an application is chosen in the data or beside it, and never another one than the session’s',
  async (t) => {
    const other = 'wxfedcba9876543210'
    const apps = JSON.stringify([{ appId: other, secret: '0123456789abcdef0123456789abcdef' }])
    const fn = functionOf('wxacodeGet')
    const work = async ({ directly, dispatched }: Ways, logIn: () => Promise<string>) => {
      const data = { path: 'pages/index', sessionToken: await logIn() }
      const foreign = { errCode: 'INVALID_PARAM', errMsg: /^appid: not the application/ }
      t.match(await directly(fn, { ...data, appid: other }), foreign)
      t.match(await dispatched(fn, { ...data, appid: other }), foreign)
      t.match(await client.enter(openapi, { api: 'wxacode.get', data, appid: other }), foreign)
      const secret = { ...data, appid: APP_ID, secret: 'mine' }
      t.match(await dispatched(fn, secret), { errCode: 'INVALID_PARAM', errMsg: /^secret: / })
    }
    await through(client, work, { WEIXIN_APPS: apps })
  },
)

t.test('names of other things are no operations', async (t) => {
  await through(client, async () => {
    for (const api of noOperations) {
      const answer = await client.enter(openapi, { api, data: {} })
      t.match(answer, { errCode: 'INVALID_PARAM', errMsg: /^api: / }, api)
    }
  })
})

t.test('calls count together, whichever way they come', async (t) => {
  const fn = functionOf('securityMsgSecCheck')
  const { input, upstream } = exampleOf('securityMsgSecCheck')
  recorder.replies = Array.from({ length: 60 }, () => upstream.map(({ reply }) => reply)).flat()
  await through(client, async ({ directly, dispatched }, logIn) => {
    const data = { ...input, sessionToken: await logIn() }
    for (let i = 0; i < 30; i++) {
      t.match(await dispatched(fn, data), { errCode: 0 })
      t.match(await directly(fn, data), { errCode: 0 })
    }
    t.match(await dispatched(fn, data), { errCode: 'TOO_MANY_REQUESTS' })
  })
})

t.test('a code that was made by one way is answered by the other without asking again', async (t) => {
  const fn = functionOf('wxacodeGet')
  const { input, upstream } = exampleOf('wxacodeGet')
  recorder.requests.length = 0
  recorder.replies = upstream.map(({ reply }) => reply)
  await through(client, async ({ directly, dispatched }, logIn) => {
    const data = { ...input, sessionToken: await logIn() }
    const made = await dispatched(fn, data)
    t.match(made, { errCode: 0 })
    t.strictSame(await directly(fn, data), made)
  })
  t.equal(recorder.requests.length, 1)
})

t.test('a page asks first whether it may call, and hears what any function would say', async (t) => {
  const env = { CLIENT_HTTP: 'on', CLIENT_ORIGINS: 'https://shop.example.com' }
  const ask = (fn: CloudFunction) => {
    const headers = { origin: 'https://shop.example.com' }
    const event = { httpMethod: 'OPTIONS', path: '/', headers, body: '' }
    return inDeployment({ weixin: recorder.url, env }, () => fn.main(event, { SOURCE: 'http' }))
  }
  t.match(await ask(openapi), { statusCode: 204 })
  t.strictSame(await ask(openapi), await ask(functionOf('wxacodeGet')))
})

t.test('by URL it answers only where the deployment lets clients in by URL', async (t) => {
  const event = {
    httpMethod: 'POST',
    path: '/',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ api: 'wxacode.get', data: {} }),
  }
  const closed = await inDeployment({ weixin: recorder.url }, () => openapi.main(event, { SOURCE: 'http' }))
  t.match(closed, { statusCode: 403 })
})
