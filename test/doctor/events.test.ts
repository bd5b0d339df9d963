import http from 'node:http'
import { buffer } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import t, { type Test } from 'tap'
import { freePort } from '../support/network/freePort.js'
import { listen } from './support/callback.js'
import { runDoctor, startDeployment } from './support/deployment.js'

const SECRET = `whsec_${Buffer.alloc(24, 5).toString('base64')}`
const OTHER = `whsec_${Buffer.alloc(24, 6).toString('base64')}`

/** A merchant's service that verifies with `secret` by the standard's own library, or believes everything. */
const service = (t: Test, secret: string | undefined, status = 204): Promise<string> =>
  listen(
    t,
    http.createServer(async (request, response) => {
      const body = (await buffer(request)).toString('utf8')
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      )
      response.writeHead(secret === undefined || isGenuine(secret, body, headers) ? status : 401).end()
    }),
  )

function isGenuine(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers)
    return true
  } catch {
    return false
  }
}

t.test('where events go', async (t) => {
  const { healthy, finds } = await startDeployment(t)
  const good = { ...healthy('alipay'), EVENT_SECRET: SECRET, EVENT_TARGET: await service(t, SECRET) }
  t.ok((await runDoctor(good)).rest.includes('events/delivered'), 'a service that verifies is well')
  await finds(t, good, [
    { name: 'nowhere', change: { EVENT_TARGET: '' }, finds: ['events/unset'] },
    {
      name: 'a service that believes everything',
      change: { EVENT_TARGET: await service(t, undefined) },
      finds: ['events/takes-unsigned'],
    },
    {
      name: 'a service with another secret',
      change: { EVENT_TARGET: await service(t, OTHER) },
      finds: ['events/signature-refused'],
    },
    {
      name: 'a service that fails at what it does not know',
      change: { EVENT_TARGET: await service(t, SECRET, 500) },
      finds: ['events/failing'],
    },
    {
      name: 'nobody',
      change: { EVENT_TARGET: `http://127.0.0.1:${await freePort()}/events` },
      finds: ['events/unreachable'],
    },
  ])
})
