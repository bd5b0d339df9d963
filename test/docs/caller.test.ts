import { createRequire } from 'node:module'
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
