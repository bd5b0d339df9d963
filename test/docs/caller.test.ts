import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { deployCommand } from '../../tools/deploy/commands/deploy.js'
import { ACCOUNT, standIn } from '../deploy/cloud/index.js'
import { entry, testProject } from '../deploy/testProject.js'
import { blockNamed } from './blocks.js'
import { openCloud } from './cloud.js'
import { runFunction } from './program.js'

/** The servers that docs/deploy-fc.md shows call with Alibaba's own SDKs. */

const PAGE = 'docs/deploy-fc.md'

type Constructor<Given extends unknown[]> = new (...given: Given) => object

const require = createRequire(import.meta.url)
const Fc2 = require('@alicloud/fc2') as Constructor<[account: string, options: object]>
const fc3 = require('@alicloud/fc20230330') as { default: Constructor<[options: object]> }

t.test('2.0: a server makes an order, and is told what is wrong with another', async (t) => {
  const { platforms, cloud } = await openCloud(t)
  class Local extends Fc2 {
    constructor(account: string, options: object) {
      super(account, { ...options, endpoint: cloud.url })
    }
  }
  const access = {
    ...{ accountId: 'local', accessKeyID: 'local', accessKeySecret: 'local-secret', region: 'local' },
    service: 'unicloud-openapi-payment',
  }
  const { call = async () => ({}) } = runFunction(t, blockNamed(PAGE, 'caller'), {
    modules: { '@alicloud/fc2': Local },
    files: { 'config.json': JSON.stringify(access) },
  })
  const openid = platforms.openid('alice')
  const order = { outTradeNo: 'caller-0001', totalFee: 1999, body: 'tea', openid }
  t.match(await call('createOrder', order), { errCode: 0, state: 'CREATED', outTradeNo: 'caller-0001' })
  await t.rejects(call('createOrder', { ...order, totalFee: 19.99 }), /INVALID_PARAM: totalFee/)
})

/** Answers as a function of ours does. */
const CREATE_ORDER = `
exports.handler = async (event) => {
  const { totalFee } = JSON.parse(event.toString())
  return Number.isInteger(totalFee) ? { errCode: 0, totalFee } : { errCode: 'INVALID_PARAM', errMsg: 'totalFee' }
}`

t.test('3.0: the same against the stand-in, which checks the signature', async (t) => {
  const cloud = await standIn(t)
  const on = testProject(t, cloud, 3)
  on.build('createOrder', CREATE_ORDER)
  on.functions.createOrder = entry({ group: 'payment' })
  t.equal((await on.run(deployCommand)).failure, undefined)
  class Local extends fc3.default {
    constructor(options: object) {
      super({ ...options, endpoint: new URL(cloud.url).host, protocol: 'http' })
    }
  }
  const { accountId, accessKeyId: accessKeyID, accessKeySecret } = ACCOUNT
  const access = { accountId, accessKeyID, accessKeySecret, region: 'cn-hangzhou', stage: 'dev' }
  const { call = async () => ({}) } = runFunction(t, blockNamed(PAGE, 'caller3'), {
    modules: { '@alicloud/fc20230330': { ...fc3, default: Local } },
    files: { 'config.json': JSON.stringify(access) },
  })
  t.strictSame(await call('createOrder', { totalFee: 1999 }), { errCode: 0, totalFee: 1999 })
  await t.rejects(call('createOrder', { totalFee: 19.99 }), /INVALID_PARAM: totalFee/)
})

const JSON_TYPE = { 'content-type': 'application/json' }
const CRASHED = { 'x-fc-error-type': 'UnhandledInvocationError' }
const crash = JSON.stringify({ errorMessage: 'boom', errorType: 'Error', stackTrace: [] })
const timeout = JSON.stringify({ errorMessage: 'Function timed out after 3 seconds (maxMemoryUsage: 64MB)' })

/** What a function answers, and what the callers of the page make of it: an answer, or an error with these words. */
const answers: [name: string, headers: Record<string, string>, body: string, made: object | RegExp][] = [
  ['ok', {}, '{"errCode":0,"a":1}', { errCode: 0, a: 1 }],
  ['ok, as JSON', JSON_TYPE, '{"errCode":0,"a":1}', { errCode: 0, a: 1 }],
  ['refused', {}, '{"errCode":"FORBIDDEN","errMsg":"no"}', /^FORBIDDEN: no$/],
  ['refused, as JSON', JSON_TYPE, '{"errCode":"FORBIDDEN","errMsg":"no"}', /^FORBIDDEN: no$/],
  ['crashed', CRASHED, crash, /^UnhandledInvocationError: boom$/],
  ['crashed, as JSON', { ...CRASHED, ...JSON_TYPE }, crash, /^UnhandledInvocationError: boom$/],
  [
    'timed out',
    { 'x-fc-error-type': 'FunctionTimedOut' },
    timeout,
    /^FunctionTimedOut: Function timed out after 3/,
  ],
  ['crashed, in words', CRASHED, 'Process exited unexpectedly', /^UnhandledInvocationError: Process exited/],
  ['another function', {}, 'null', /^undefined: null$/],
]

t.test(
  'a function that crashed or timed out is an error with its own words, by either version',
  async (t) => {
    let at = 0
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        const [, headers = {}, body] = answers[at] ?? []
        response.writeHead(200, headers).end(body)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.teardown(() => {
      server.close()
      server.closeAllConnections()
    })
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    class Local2 extends Fc2 {
      constructor(account: string, options: object) {
        super(account, { ...options, endpoint: `http://${host}` })
      }
    }
    class Local3 extends fc3.default {
      constructor(options: object) {
        super({ ...options, endpoint: host, protocol: 'http' })
      }
    }
    const access = { accountId: '1', accessKeyID: 'id', accessKeySecret: 'secret', region: 'r', stage: 'dev' }
    const files = { 'config.json': JSON.stringify({ ...access, service: 's' }) }
    const callers = {
      caller: { '@alicloud/fc2': Local2 },
      caller3: { '@alicloud/fc20230330': { ...fc3, default: Local3 } },
    }
    for (const [name, modules] of Object.entries(callers)) {
      const { call = async () => ({}) } = runFunction(t, blockNamed(PAGE, name), { modules, files })
      for (at = 0; at < answers.length; at++) {
        const [what = '', , , made = {}] = answers[at] ?? []
        const found = await call('createOrder', {}).catch(({ message }: Error) => message)
        t.match(found, made, `${name}: ${what}`)
      }
    }
  },
)
