import { createRequire } from 'node:module'
import t, { type Test } from 'tap'
import { hmacSha256 } from '../../shared/crypto/index.js'
import { OpenapiError } from '../../shared/errors/index.js'
import type { Context } from '../../shared/operation/index.js'
import { fc2StringToSign } from '../../shared/runtime/fcSignature.js'
import { serverFunction } from '../../shared/runtime/index.js'
import { openZipper } from '../../tools/deploy/package/zip.js'
import { ACCOUNT, type StandIn, standIn } from '../deploy/cloud/index.js'
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

const credentials = {
  accessKeyId: ACCOUNT.accessKeyId,
  accessKeySecret: ACCOUNT.accessKeySecret,
  securityToken: 'sts-token-of-the-role',
}
const place3 = {
  ...{ requestId: 'r-1', accountId: ACCOUNT.accountId, region: 'cn-hangzhou' },
  ...{ credentials, function: { name: 'eventDispatch', timeout: 20 }, service: { name: '' } },
}
const place2 = { ...place3, service: { name: 'shop' } }

/** Calls `target` from a function that runs in `place`; what it answered, or the error. */
async function callFrom(cloud: StandIn, place: object, target: string) {
  const { handler } = serverFunction(
    probe({
      reach: 'never',
      run: async (_input: unknown, { callFunction }: Context) => {
        if (!callFunction) throw new OpenapiError({ errCode: 'NO_WAY', errMsg: 'no way to other functions' })
        return { answer: await callFunction(target, NEWS) }
      },
    }),
  )
  return withHost({ functionCompute: cloud.url }, async (log) => {
    const answer = (await handler(Buffer.from('{}'), place)) as Record<string, unknown>
    const all = JSON.stringify([answer, log])
    for (const secret of Object.values(credentials)) t.notOk(all.includes(secret), 'no credential is told')
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

t.test('what did not happen is told, with what to do', async (t) => {
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
  const none = { accessKeyId: '', accessKeySecret: '', securityToken: '' }
  t.match(await callFrom(cloud, { ...place3, credentials: none }, 'onPayment'), { errCode: 'NO_WAY' })
  t.strictSame(cloud.calls, [])
})

t.test('the published SDK signs alike', (t) => {
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
  t.end()
})
