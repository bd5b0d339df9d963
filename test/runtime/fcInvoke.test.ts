import { createServer, type RequestListener } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { systemClock, systemRandom } from '../../shared/clock.js'
import { hmacSha256 } from '../../shared/crypto/index.js'
import { FUNCTION_NOT_CALLED, openapiError } from '../../shared/errors/index.js'
import { http } from '../../shared/http/http.js'
import type { Context } from '../../shared/operation/index.js'
import { invokeFunction } from '../../shared/runtime/functionCompute/invoke.js'
import { fc2StringToSign } from '../../shared/runtime/functionCompute/signature.js'
import { serverFunction } from '../../shared/runtime/index.js'
import { openSdk3 } from '../../tools/deploy/cloud/sdk3.js'
import { openZipper } from '../../tools/deploy/package/zip.js'
import { ACCOUNT, ROLE, type StandIn, standIn } from '../deploy/cloud/index.js'
import { probe, withHost } from './probe.js'

const NEWS = { id: 'evt_1', type: 'payment.paid', data: { body: '茶' } }

/** A function of the merchant's own, as Function Compute keeps it. */
const keep = async (name: string, code: string) => ({
  fields: { functionName: name },
  zip: await openZipper()([{ path: 'index.js', bytes: Buffer.from(`exports.handler = ${code}`) }]),
  triggers: new Map(),
})

async function cloudWith(t: Test): Promise<StandIn> {
  const cloud = await standIn(t)
  const functions = new Map([
    ['onPayment', await keep('onPayment', 'async (event) => ({ errCode: 0, heard: JSON.parse(event) })')],
    ['broken', await keep('broken', 'async () => { throw new Error("whsec_of-the-merchant") }')],
  ])
  cloud.fc2.services.set('shop', { fields: {}, functions })
  for (const [name, kept] of functions) cloud.fc3.functions.set(name, kept)
  return cloud
}

const place3 = {
  ...{ requestId: 'r-1', accountId: ACCOUNT.accountId, region: 'cn-hangzhou' },
  ...{ credentials: ROLE, function: { name: 'eventDispatch', timeout: 20 }, service: { name: '' } },
}
const place2 = { ...place3, service: { name: 'shop' } }

/** Calls `target` from a function that runs in `place`; what it answered, or the error. */
async function callFrom(cloud: StandIn, place: object, target: string) {
  const { handler } = serverFunction(
    probe({
      reach: 'server',
      run: async (_input: unknown, { callFunction }: Context) => {
        if (!callFunction) throw openapiError(FUNCTION_NOT_CALLED, { target, problem: 'has no way' })
        return { answer: await callFunction(target, NEWS) }
      },
    }),
  )
  return withHost({ functionCompute: cloud.url }, async (log) => {
    const answer = (await handler(Buffer.from('{}'), place)) as Record<string, unknown>
    const all = JSON.stringify([answer, log])
    for (const secret of Object.values(ROLE)) t.notOk(all.includes(secret), 'no credential is in it')
    t.notMatch(all, /whsec_/)
    return answer
  })
}

t.test('a function of the account is called under the signature of its version', async (t) => {
  const cloud = await cloudWith(t)
  for (const [place, target, path] of [
    [place2, 'onPayment', '/2016-08-15/services/shop/functions/onPayment/invocations'],
    [
      { ...place2, service: { name: 'openapi' } },
      'shop/onPayment',
      '/2016-08-15/services/shop/functions/onPayment/invocations',
    ],
    [place3, 'onPayment', '/2023-03-30/functions/onPayment/invocations'],
  ] as const) {
    t.match(await callFrom(cloud, place, target), { errCode: 0, answer: { heard: NEWS } }, target)
    t.equal(cloud.calls.at(-1), `POST ${path}`)
  }
})

t.test('what did not happen is an error that says what to do', async (t) => {
  const cloud = await cloudWith(t)
  for (const place of [place2, place3]) {
    const message = async (target: string) => (await callFrom(cloud, place, target)).errMsg
    t.match(await message('broken'), /^the call of function broken failed with UnhandledInvocationError$/)
    t.match(await message('nobody'), /nobody was refused \(FunctionNotFound\)/)
    cloud.fault({ on: /invocations/, act: 'denied' })
    t.match(await message('onPayment'), /refused \(AccessDenied\); the role of this function has to allow/)
    cloud.fault({ on: /invocations/, act: 'gateway' })
    t.match(await message('onPayment'), /refused \(HTTP 502\)/)
    cloud.fault({ on: /invocations/, act: 'telling' })
    t.match(await message('onPayment'), /refused \(InvalidArgument\)$/, 'a code, and nothing that was sent')
  }
})

t.test('without a role there is no way to other functions', async (t) => {
  const cloud = await cloudWith(t)
  for (const name of Object.keys(ROLE)) {
    const credentials = { ...ROLE, [name]: '' }
    t.match(
      await callFrom(cloud, { ...place3, credentials }, 'onPayment'),
      { errCode: 'FUNCTION_NOT_CALLED' },
      name,
    )
  }
  t.strictSame(cloud.calls, [])
})

t.test("uniCloud's own way comes first where there is one", async (t) => {
  const cloud = await cloudWith(t)
  const heard: unknown[] = []
  const callFunction = async (call: unknown) => {
    heard.push(call)
    return { result: 'heard' }
  }
  const scope = globalThis as { uniCloud?: unknown }
  scope.uniCloud = { callFunction }
  t.teardown(() => delete scope.uniCloud)
  t.match(await callFrom(cloud, place3, 'onPayment'), { errCode: 0, answer: 'heard' })
  t.strictSame(heard, [{ name: 'onPayment', data: NEWS }])
  t.strictSame(cloud.calls, [])
})

const means = { http, clock: systemClock, random: systemRandom, timeLeft: () => 5000 }
const here = { ...place3, credentials: ROLE, service: undefined }

t.test('the address of the account inside its region is called', async (t) => {
  const cloud = await cloudWith(t)
  const INSIDE = `https://${ACCOUNT.accountId}.cn-hangzhou-internal.fc.aliyuncs.com`
  /** The network inside the region, which nobody else has. */
  const inside: typeof http = {
    request: (sent) => http.request({ ...sent, url: sent.url.replace(INSIDE, cloud.url) }),
  }
  t.match(await invokeFunction('onPayment', NEWS, here, { ...means, http: inside }), { heard: NEWS })
})

async function answering(t: Test, answer: RequestListener) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return (timeLeft: number) =>
    invokeFunction('onPayment', NEWS, here, { ...means, endpoint, timeLeft: () => timeLeft })
}

t.test('nobody waits longer than the caller has time, nor for more than a function may answer', async (t) => {
  const silent = await answering(t, () => undefined)
  await t.rejects(silent(50))
  const long = await answering(t, (_request, response) => response.end(`"${'x'.repeat(7 * 1024 * 1024)}"`))
  await t.rejects(long(5000))
})

t.test('what stands in the place of a code is not repeated', async (t) => {
  for (const code of ['no code, but <html>', 'x'.repeat(65), { nested: ROLE }]) {
    const call = await answering(t, (_request, response) =>
      response.writeHead(400).end(JSON.stringify({ ErrorCode: code })),
    )
    await t.rejects(call(5000), { message: 'the call of function onPayment was refused (HTTP 400)' })
  }
})

t.test('the published SDKs sign alike', async (t) => {
  const Sdk = createRequire(import.meta.url)('@alicloud/fc2') as {
    getSignature(id: string, secret: string, method: string, path: string, headers: object): string
  }
  const path = '/2016-08-15/services/shop/functions/onPayment/invocations'
  const headers = {
    'content-md5': 'bWQ1',
    'content-type': 'application/json',
    date: 'Sat, 01 Jan 2050',
    'x-fc-b': '2',
    'x-fc-a': '1',
  }
  const signature = hmacSha256('secret', fc2StringToSign({ method: 'POST', path, headers })).toString(
    'base64',
  )
  t.equal(`FC id:${signature}`, Sdk.getSignature('id', 'secret', 'POST', path, headers))
  const cloud = await cloudWith(t)
  const sdk = openSdk3({ ...ROLE, accountId: ACCOUNT.accountId, region: 'cn-hangzhou', endpoint: cloud.url })
  t.match(await sdk.call('GET', '/functions', { query: { prefix: "on (a*b)!'~茶" } }), { functions: [] })
})
