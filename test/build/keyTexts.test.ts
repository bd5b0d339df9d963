import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import NodeRSA from 'node-rsa'
import t from 'tap'
import { canonical } from '../../shared/alipay/signature.js'
import { HOST, type Host } from '../../shared/runtime/index.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { bare, eachNode } from '../support/nodes.js'
import { DIST } from './space.js'

/** Keys that only node-rsa reads, in functions as they are built. */

const texts = JSON.parse(
  readFileSync(new URL('../vectors/openssh-keys.json', import.meta.url), 'utf8'),
) as Record<'openssh' | 'pkcs1' | 'publicKey', string>

const folder = join(DIST, 'functions', 'getOrderInfo')
const require = createRequire(join(folder, 'index.js'))
const vendored = join(folder, 'vendor', 'node-rsa.js')

interface CloudFunction {
  main(event: object, context: object): Promise<{ errCode: number; orderInfo: string }>
}

t.test('node-rsa loads from beside the function, at the first key that needs it', async (t) => {
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const orderInfo = async (privateKey: string, outTradeNo: string) => {
    const env = {
      ...{ ALIPAY_APP_ID: '2021000122671080', ALIPAY_PRIVATE_KEY: privateKey },
      ...{ ALIPAY_PUBLIC_KEY: texts.publicKey, NOTIFY_BASE_URL: 'https://shop.example.com/pay' },
    }
    const host: Host = { store, env, log: () => undefined }
    Object.assign(globalThis, { [HOST]: host })
    const { main } = require('./index.js') as CloudFunction
    const order = { outTradeNo, totalFee: 1999, body: 'tea', clientType: 'app-plus', provider: 'alipay' }
    return main(order, { SOURCE: 'function' })
  }
  t.teardown(() => Object.assign(globalThis, { [HOST]: undefined }))
  t.match(await orderInfo(texts.pkcs1, 'T1'), { errCode: 0 })
  t.notOk(vendored in require.cache, 'an ordinary key does without it')
  const answer = await orderInfo(texts.openssh, 'T2')
  t.match(answer, { errCode: 0 })
  t.ok(vendored in require.cache)
  const { sign = '', ...fields } = Object.fromEntries(new URLSearchParams(answer.orderInfo))
  const judge = new NodeRSA(texts.publicKey, 'pkcs8-public-pem', {
    environment: 'browser',
    signingScheme: 'pkcs1-sha256',
  })
  t.ok(judge.verify(Buffer.from(canonical(Object.entries(fields))), Buffer.from(sign, 'base64')))
})

t.test('node-rsa reads on every Node that the clouds have', async (t) => {
  const script = `
    const NodeRSA = require(process.env.VENDORED)
    console.log(new NodeRSA(process.env.TEXT, 'openssh-private').exportKey('pkcs1-private-pem'))`
  await eachNode(t, async (t, node) => {
    const env = { PATH: process.env.PATH, VENDORED: vendored, TEXT: texts.openssh }
    const { stdout } = await promisify(execFile)(...bare(node, '-e', script), { env })
    const bytes = (pem: string) => pem.replace(/-----[^-]+-----|\s/g, '')
    t.equal(bytes(stdout), bytes(texts.pkcs1))
  })
})
