import { join } from 'node:path'
import vm from 'node:vm'
import t, { type Test } from 'tap'
import { settingInfo } from '../../shared/config/index.js'
import { periodMs } from '../../shared/server/schedule.js'
import { collections } from '../../shared/store/index.js'
import { cronOf } from '../../tools/build/unicloud/cron.js'
import { buildUniCloud } from '../../tools/build/unicloud/index.js'
import { exampleSettings } from '../../tools/build/unicloud/settings.js'
import {
  type LocalPlatforms,
  type OrderInfo,
  startLocalPlatforms,
} from '../../tools/emulator/platforms/index.js'
import { blocksOf, textOf } from '../docs/blocks.js'
import { readFunctions } from './dist.js'
import { DIST, type Fields, openSpace, type Space } from './space.js'

/** The guide's commands, settings, timers and code are true. */

const [english, chinese] = ['docs/deploy-unicloud.md', 'docs/deploy-unicloud.zh-CN.md'] as const
const blocks = blocksOf(english)

t.test('the commands select what there is', async (t) => {
  const commands = blocks.flatMap(({ text }) => [...text.matchAll(/npm run build -- --unicloud (.*)/g)])
  const inline = [...textOf(english).matchAll(/`npm run build -- --unicloud ([^`]*)`/g)]
  t.ok(commands.length >= 2 && inline.length >= 1)
  for (const [, args = ''] of [...commands, ...inline]) {
    const { functions } = await buildUniCloud(DIST, {
      out: join(t.testdir(), 'uniCloud'),
      args: args.trim().split(' '),
    })
    t.ok(functions.length > 0, args)
  }
})

t.test('the settings are those of the example, which has to be filled in', async (t) => {
  const [json] = blocks.filter(({ language }) => language === 'json')
  const settings = JSON.parse(json?.text ?? '{}') as object
  t.strictSame(Object.keys(settings), Object.keys(exampleSettings()))
  t.ok(Object.keys(settings).every((name) => name in settingInfo))
})

t.test('the timers are those of the build, and so is what they cost', async (t) => {
  const timers = readFunctions().flatMap(({ name, every, at }) =>
    every === undefined ? [] : [{ name, every, at }],
  )
  const expected = timers.map(
    ({ name, every, at }) => `| \`${name}\` | ${every} | \`${cronOf(every, name, at)}\` |`,
  )
  for (const guide of [english, chinese]) {
    t.strictSame(textOf(guide).match(/^\| `\w+` \| \d+[mhd] \| `.*$/gm), expected)
  }
  const month = 30 * periodMs('24h')
  const calls = timers.reduce((sum, { every }) => sum + month / periodMs(every), 0)
  t.match(textOf(english), `about ${Math.round(calls / 1000)},000 calls a month`)
  t.match(textOf(chinese), `约 ${(calls / 10_000).toFixed(1)} 万次`)
  t.equal(Object.keys(collections).length, 9, 'nine collections')
})

/** The snippets by the file that their first line names. */
const snippets = Object.fromEntries(
  blocks.flatMap(({ text }) => {
    const [, file] = /^\/\/ (\S+)\n/.exec(text) ?? []
    return file === undefined ? [] : [[file, text]]
  }),
)

const ownFunctions = () =>
  Object.fromEntries(
    Object.entries(snippets).flatMap(([file, text]) => {
      const [, name] = /^cloudfunctions\/(\w+)\/index\.js$/.exec(file) ?? []
      return name === undefined ? [] : [[name, text]]
    }),
  )

interface Page {
  buy(goods: string): Promise<Fields>
  shareCode(sessionToken: unknown): Promise<string>
}

/** The page of the guide, on a phone whose cloud is `space` and whose WeChat is `platforms`. */
function openPage(space: Space, platforms: LocalPlatforms): Page {
  const uni = {
    login: async () => ({ code: platforms.login('alice') }),
    requestPayment: async ({ provider, ...orderInfo }: { provider: string }) => {
      if (provider !== 'wxpay') throw new Error(`no provider ${provider}`)
      await platforms.requestPayment(orderInfo as unknown as OrderInfo)
    },
  }
  const callFunction = async ({ name, data }: { name: string; data: Fields }) => ({
    result: await space.call(name, data),
  })
  const code = `${snippets['pages/buy.js']}\n;({ buy, shareCode })`
  return vm.runInNewContext(code, { uni, uniCloud: { callFunction } }) as Page
}

async function opened(t: Test): Promise<{ space: Space; platforms: LocalPlatforms }> {
  const platforms = await startLocalPlatforms()
  t.teardown(() => platforms.close())
  const settings = (url: string) => ({
    ...platforms.settings(),
    NOTIFY_BASE_URL: url,
    EVENT_TARGET: 'function:onPayment',
  })
  return { platforms, space: await openSpace(t, { node: process.execPath, settings, own: ownFunctions() }) }
}

t.test('the code sells tea', async (t) => {
  const { space, platforms } = await opened(t)
  const page = openPage(space, platforms)
  t.match(await page.buy('tea'), { orderState: 'PAID', tradeState: 'SUCCESS' })
  t.match(await space.contents('shop-paid'), [{ _id: /^evt_/, outTradeNo: /^[0-9a-f]{32}$/, totalFee: 1999 }])
  const [told] = await space.contents('shop-paid')
  t.match(await space.call('onPayment', { id: 'evt_forged', type: 'payment.paid', data: {} }), {
    errCode: 'FORBIDDEN',
  })
  const again = { id: told?._id, type: 'payment.paid', data: {} }
  t.match(await space.call('onPayment', again, 'function'), { errCode: 0 })
  t.equal((await space.contents('shop-paid')).length, 1, 'however often it is told')
})

t.test('the code makes mini-program codes, by openapi and by the library', async (t) => {
  const { space, platforms } = await opened(t)
  const { sessionToken } = await space.call('authCode2Session', { code: platforms.login('alice') })
  t.match(await openPage(space, platforms).shareCode(sessionToken), /^data:image\/jpeg;base64,[\w+/]{20}/)
  t.match(await space.call('poster', { scene: 'a=1' }), { errCode: 0, bytes: Number })
})

t.test('the address shows that it works', async (t) => {
  const { space } = await opened(t)
  const answer = await fetch(`${space.url}/verifyPaymentNotify`, { method: 'POST' })
  t.equal(answer.status, 400)
  t.equal(await answer.text(), 'fail')
  t.equal(
    (await fetch(`${space.url}/createOrder`, { method: 'POST' })).status,
    404,
    'no other function has one',
  )
})
