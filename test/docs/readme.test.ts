import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import vm from 'node:vm'
import t from 'tap'
import { periodMs } from '../../shared/server/schedule.js'
import { clientPatience, EDITIONS, type Edition, editions } from '../../tools/clouds/index.js'
import { openMiniProgram } from '../../tools/demo/miniProgram.js'
import type { OrderInfo } from '../../tools/emulator/platforms/index.js'
import { readFunctions } from '../build/dist.js'
import { openShop } from '../library/shop.js'
import { uniPayAt } from '../support/peers/uniPay.js'
import { blockNamed, blocksOf, root, textOf } from './blocks.js'
import { openCloud } from './cloud.js'
import { libraryAt, runFunction } from './program.js'

/** The README's code runs, and its figures are those of the build. */

const PAGE = 'README.md'
const dist = join(root, 'dist')

type Fields = Record<string, unknown>

interface Call {
  name: string
  data: object
}

interface Page {
  buy(goods: string): Promise<Fields>
}

t.test('no script is left out', async (t) => {
  const scripts = blocksOf(PAGE).filter(({ language }) => language === 'js')
  t.strictSame(
    scripts.map(({ name }) => name),
    ['server', 'page', 'library'],
  )
})

t.test('the page buys tea from the server', async (t) => {
  const { platforms, cloud, call } = await openCloud(t)
  const phone = openMiniProgram({ endpoint: cloud.url })
  const uniCloud = {
    callFunction: async ({ name, data }: Call) => ({ result: await call(name, data) }),
  }
  const { main } = runFunction(t, blockNamed(PAGE, 'server'), { globals: { uniCloud } })
  const callFunction = async (call: Call) =>
    call.name === 'buy' ? { result: await main?.(call.data) } : phone.callFunction(call)
  const uni = {
    login: async () => ({ code: platforms.login('alice') }),
    requestPayment: async ({ provider: _provider, ...orderInfo }: Record<string, string>) =>
      platforms.requestPayment(orderInfo),
  }
  const page = vm.runInNewContext(`${blockNamed(PAGE, 'page')}\n;({ buy })`, {
    ...{ uni, uniCloud: { callFunction } },
  }) as Page
  t.match(await page.buy('tea'), { tradeState: 'SUCCESS', orderState: 'PAID', totalFee: 1999 })
  await t.rejects(page.buy('coffee'), /INVALID_PARAM: totalFee/)
})

t.test('who buys at the same moment gets an order of their own', async (t) => {
  const placed: Fields[] = []
  const uniCloud = { callFunction: async ({ data }: Call) => ({ result: placed.push({ ...data }) }) }
  const globals = { uniCloud, Date: { now: () => 1 } }
  const { main } = runFunction(t, blockNamed(PAGE, 'server'), { globals })
  await main?.({ goods: 'tea' })
  await main?.({ goods: 'tea' })
  t.equal(new Set(placed.map(({ outTradeNo }) => outTradeNo)).size, 2)
})

t.test('the library makes an order that can be paid', async (t) => {
  const { library, platforms, merchant } = await openShop(t)
  const { appId, secret } = platforms.app
  const { mchId, key } = platforms.merchant
  const config = { appId, secret, mchId, key, notifyUrl: merchant.notifyUrl }
  const { main } = runFunction(t, blockNamed(PAGE, 'library'), {
    modules: { 'unicloud-openapi': libraryAt(library, platforms) },
    files: { 'config.json': JSON.stringify(config) },
  })
  const { orderInfo } = { ...(await main?.({ code: platforms.login('alice') })) }
  t.match(await platforms.requestPayment(orderInfo as OrderInfo), {
    order: { state: 'SUCCESS', totalFee: 1999 },
  })
})

t.test('before and after are the same to their callers', async (t) => {
  const { library, platforms } = await openShop(t)
  const { initWeixin, remove } = uniPayAt(platforms.url)
  t.teardown(remove)
  const ours = libraryAt(library, platforms)
  const modules: Record<string, unknown> = {
    ...{ 'unicloud-openapi': ours, '@dcloudio/unicloud-server-plugin': ours },
    '@dcloudio/uni-pay': { initWeixin },
  }
  const app = { appId: platforms.app.appId, secret: platforms.app.secret }
  const { mchId, key } = platforms.merchant
  const scope = {
    ...{ app, merchant: { appId: app.appId, mchId, key }, vk: ours.vk() },
    require: (name: string) => modules[name],
  }
  const rows = [...textOf(PAGE).matchAll(/^\| `([\w.-]+)` \| `(.+)` \| `(.+openapi.+)` \|$/gm)]
  const methods: Record<string, string> = {
    'unicloud-server-plugin': 'wxacode.getUnlimited',
    'uni-pay': 'getOrderInfo',
    'vk.openapi': 'wxacode.getUnlimited',
  }
  t.strictSame(
    rows.map(([, peer]) => peer),
    Object.keys(methods),
  )
  for (const [, peer = '', before = '', after = ''] of rows) {
    for (const cell of [before, after]) {
      t.equal(vm.runInNewContext(`typeof (${cell}).${methods[peer]}`, scope), 'function', cell)
    }
  }
})

const MEGABYTE = 1_000_000

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)

t.test('a fresh clone is built before it is packed', async (t) => {
  const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }
  t.match(scripts.prepack, /^npm run build /)
  t.match(textOf(PAGE), '`npm ci && npm pack`')
})

t.test('the figures are those of the build', async (t) => {
  const text = textOf(PAGE)
  const functions = readFunctions()
  const sizes = functions.map(({ name }) => bytesIn(join(dist, 'functions', name)) / MEGABYTE)
  const [, most] = /size of a function \| less than ([\d.]+) MB/.exec(text) ?? []
  t.ok(Math.max(...sizes) < Number(most), `${Math.max(...sizes)} MB`)
  t.strictSame([...new Set(functions.map(({ memory }) => memory))], [256, 512])
  const month = 30 * periodMs('24h')
  // One with a time of day fires at that minute and twice more, ten minutes apart, to end what was cut short.
  const calls = functions.reduce(
    (sum, { every, at }) => sum + (every ? (month / periodMs(every)) * (at ? 3 : 1) : 0),
    0,
  )
  t.match(text, `| ${calls.toLocaleString('en')} a month, 43,200 of them`)
  t.strictSame([...new Set(functions.map(({ timeout }) => timeout))].sort(), [20, 5, 60])
})

t.test("the figures of uniCloud's editions are those of the contracts", async (t) => {
  const of = (pick: (edition: Edition) => number) => EDITIONS.map((name) => pick(editions[name]))
  const facts = [
    of(({ functions }) => functions.value),
    of(({ callIn }) => callIn.value),
    of(({ timeoutClient }) => timeoutClient.value),
    [clientPatience.value],
  ].flat()
  for (const page of ['README.md', 'README.zh-CN.md']) {
    const line = textOf(page)
      .split('\n')
      .find((each) => each.startsWith('| uniCloud'))
    t.strictSame(line?.match(/\d+/g)?.map(Number), facts, page)
  }
})
