import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import t, { type Test } from 'tap'
import type { Client } from '../../shared/client/index.js'
import { openMiniProgram } from '../../tools/demo/miniProgram.js'
import type { OrderInfo, ProviderName } from '../../tools/emulator/platforms/index.js'
import { failureOf } from '../library/built.js'
import { blocksOf, root } from './blocks.js'
import { openCloud } from './cloud.js'

/** What the page for front ends shows, run on a phone with the published uniCloud client. */

const PAGE = 'docs/client.md'

/** Everything the page's blocks export. */
interface Snippets {
  logIn(): Promise<string>
  payInWeChat(outTradeNo: string, sessionToken: string): Promise<void>
  payInAlipay(outTradeNo: string, sessionToken: string): Promise<void>
  payInApp(outTradeNo: string, payToken: string): Promise<void>
  isPaid(outTradeNo: string, sessionToken: string): Promise<boolean>
  codeFor(scene: string, sessionToken: string): Promise<string>
  sendForChecking(mediaUrl: string, sessionToken: string): Promise<string>
  verdictOn(traceId: string, sessionToken: string): Promise<string>
  mayBePublished(content: string, sessionToken: string): Promise<boolean>
  clientAt(base: string): Client
}

/** The blocks as one program, as a bundler of a front end would build it. */
async function snippets(t: Test): Promise<Snippets> {
  const blocks = blocksOf(PAGE).map(({ text }, i) => [`block-${i}.ts`, text] as const)
  const folder = t.testdir({
    ...Object.fromEntries(blocks),
    'all.ts': blocks.map(([name]) => `export * from './${name}'`).join('\n'),
  })
  const outfile = join(folder, 'all.mjs')
  await build({
    ...{ entryPoints: [join(folder, 'all.ts')], outfile, bundle: true, format: 'esm', logLevel: 'error' },
    alias: { 'unicloud-openapi/client': join(root, 'shared', 'client', 'index.ts') },
  })
  return import(pathToFileURL(outfile).href)
}

type Fields = Record<string, unknown>

async function openPhone(t: Test, provider: ProviderName) {
  const { platforms, cloud, call } = await openCloud(t, provider, async () => ({ CLIENT_HTTP: 'on' }))
  const pay = async ({ orderInfo, provider: _wallet, ...rest }: Fields) =>
    platforms.requestPayment((orderInfo ?? rest) as OrderInfo)
  const inWallet = provider === 'alipay' ? platforms.alipay : platforms
  Object.assign(globalThis, {
    uniCloud: openMiniProgram({
      endpoint: cloud.url,
      platform: provider === 'alipay' ? 'mp-alipay' : 'mp-weixin',
    }),
    uni: {
      login: async () => ({ code: inWallet.login('alice') }),
      setStorageSync: () => undefined,
      requestPayment: pay,
      request: async ({ url, method, data }: { url: string; method: string; data: object }) => {
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(url, { method, headers, body: JSON.stringify(data) })
        return { data: await answer.json(), statusCode: answer.status }
      },
    },
  })
  const createOrder = (order: object) => call('createOrder', { totalFee: 1999, body: 'tea', ...order })
  return { cloud, call, createOrder, openid: inWallet.openid('alice'), ...(await snippets(t)) }
}

t.test('in WeChat: log in, pay, codes, checks, by name and by URL', async (t) => {
  const phone = await openPhone(t, 'weixin-v3')
  const sessionToken = await phone.logIn()
  await phone.createOrder({ outTradeNo: 'client-0001', openid: phone.openid })
  t.equal(await phone.isPaid('client-0001', sessionToken), false)
  await phone.payInWeChat('client-0001', sessionToken)
  t.equal(await phone.isPaid('client-0001', sessionToken), true)

  t.match(await phone.codeFor('a=1', sessionToken), /^data:image\/\w+;base64,[\w+/]{20}/)
  t.match(await failureOf(phone.codeFor('a=1', 'nobody')), { errCode: 'LOGIN_REQUIRED' })
  const traceId = await phone.sendForChecking('https://example.com/a.png', sessionToken)
  t.equal(await phone.verdictOn(traceId, sessionToken), 'waiting')
  t.equal(await phone.mayBePublished('tea', sessionToken), true)
  t.equal(await phone.mayBePublished('risky tea', sessionToken), false)

  const { callFunction } = phone.clientAt(`${phone.cloud.url}/http`)
  t.match(await callFunction('orderQuery', { outTradeNo: 'client-0001', sessionToken }), {
    tradeState: 'SUCCESS',
  })
})

t.test('in an app, by the pay token', async (t) => {
  const phone = await openPhone(t, 'weixin-v3')
  const { payToken } = await phone.createOrder({ outTradeNo: 'client-0002' })
  await phone.payInApp('client-0002', String(payToken))
  t.match(await phone.call('orderQuery', { outTradeNo: 'client-0002' }), { orderState: 'PAID' })
})

t.test('in Alipay', async (t) => {
  const phone = await openPhone(t, 'alipay')
  const sessionToken = await phone.logIn()
  await phone.createOrder({ outTradeNo: 'client_0003', openid: phone.openid })
  await phone.payInAlipay('client_0003', sessionToken)
  t.equal(await phone.isPaid('client_0003', sessionToken), true)
})
