import t from 'tap'
import { cloudFunction } from '../../shared/runtime/index.js'
import { probe, withHost } from './probe.js'

const MB = 1024 * 1024
const headers = { 'content-type': 'application/json' }
const { main, handler } = cloudFunction(probe({ run: async () => ({ ran: true }) }))

/** The same body by every way in that URL calls have; answers status and text. */
const ways: Record<string, (body: string) => Promise<{ status: unknown; text: string }>> = {
  async uniCloud(body) {
    const answer = await main({ path: '/', httpMethod: 'POST', headers, body }, { SOURCE: 'http' })
    const { statusCode: status, body: text } = answer as { statusCode: number; body: string }
    return { status, text }
  },
  async 'Function Compute 3.0'(body) {
    const event = { version: 'v1', rawPath: '/', headers, body, requestContext: { http: { method: 'POST' } } }
    const answer = await handler(Buffer.from(JSON.stringify(event)), {})
    const { statusCode: status, body: text } = answer as { statusCode: number; body: string }
    return { status, text }
  },
  'Function Compute 2.0': (body) =>
    new Promise((resolve) => {
      let status = 0
      const response = {
        setStatusCode: (code: number) => {
          status = code
        },
        setHeader: () => undefined,
        send: (text: string) => resolve({ status, text }),
      }
      async function* chunks() {
        for (let at = 0; at < body.length; at += MB) yield Buffer.from(body.slice(at, at + MB))
      }
      handler({ method: 'POST', path: '/', headers, [Symbol.asyncIterator]: chunks }, response, {})
    }),
}

for (const [name, send] of Object.entries(ways)) {
  t.test(`${name}: a client's body is read as far as anything here is long, and no further`, async (t) => {
    const call = (body: string) => withHost({ env: { CLIENT_HTTP: 'on' } }, () => send(body))
    const picture = JSON.stringify({ img: 'A'.repeat((2 * MB * 4) / 3) })
    t.match(await call(picture), { status: 200, text: /"ran":true/ })
    // As objects these lists would take some twenty times the room, which no function has.
    const lists = `{"a":[${'[],'.repeat((5 * MB) / 3)}1]}`
    t.match(await call(lists), { status: 400, text: /"INVALID_PARAM".*body: expected at most 4 MB/ })
  })
}

t.test('Function Compute 2.0: what never ends is left before it fills the room', async (t) => {
  let read = 0
  async function* endless() {
    for (;;) {
      read += MB
      yield Buffer.alloc(MB)
    }
  }
  const sent = new Promise<string>((resolve) => {
    const response = { setStatusCode: () => undefined, setHeader: () => undefined, send: resolve }
    const request = { method: 'POST', path: '/', headers, [Symbol.asyncIterator]: endless }
    withHost({ env: { CLIENT_HTTP: 'on' } }, async () => handler(request, response, {}))
  })
  t.match(await sent, /expected at most 4 MB/)
  t.equal(read, 5 * MB)
})
