import { createRequire } from 'node:module'
import t from 'tap'
import { blockNamed } from './blocks.js'
import { openCloud } from './cloud.js'
import { runFunction } from './program.js'

/** The server that docs/deploy-fc.md shows calls with Alibaba's own SDK. */

type Client = new (account: string, options: object) => object

const Published = createRequire(import.meta.url)('@alicloud/fc2') as Client

t.test('a server makes an order, and is told what is wrong with another', async (t) => {
  const { twin, gateway } = await openCloud(t)
  class Fc2 extends Published {
    constructor(account: string, options: object) {
      super(account, { ...options, endpoint: gateway.url })
    }
  }
  const access = {
    ...{ accountId: 'local', accessKeyID: 'local', accessKeySecret: 'local-secret', region: 'local' },
    service: 'unicloud-openapi-payment',
  }
  const { call = async () => ({}) } = runFunction(t, blockNamed('docs/deploy-fc.md', 'caller'), {
    modules: { '@alicloud/fc2': Fc2 },
    files: { 'config.json': JSON.stringify(access) },
  })
  const openid = twin.openid('alice')
  const order = { outTradeNo: 'caller-0001', totalFee: 1999, body: 'tea', openid }
  t.match(await call('createOrder', order), { errCode: 0, state: 'CREATED', outTradeNo: 'caller-0001' })
  await t.rejects(call('createOrder', { ...order, totalFee: 19.99 }), /INVALID_PARAM: totalFee/)
})
