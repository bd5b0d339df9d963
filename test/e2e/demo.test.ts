import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import t from 'tap'
import { playPayment } from '../../tools/demo/play.js'
import { reportIn, StepFailed } from '../../tools/demo/report.js'
import { setUp } from '../../tools/demo/setup.js'
import { providerNames } from '../../tools/emulator/platforms/index.js'
import { program } from '../support/program.js'

/** What a newcomer sees first. */

const root = join(import.meta.dirname, '..', '..')
const dist = join(root, 'dist')

const PAYMENT = [
  ...['logged in', 'order created', 'order info signed', 'paid'],
  ...['callback verified', 'order paid', 'event delivered', 'order queried'],
  ...['refund accepted', 'refund reported', 'refund queried'],
]
const STEPS = {
  'weixin-v3': ['token refreshed', ...PAYMENT],
  'weixin-v2': ['token refreshed', ...PAYMENT],
  alipay: [...PAYMENT, 'rest accepted', 'rest reported', 'rest queried'],
}

async function demo(arguments_: string[], cwd = root) {
  const child = spawn(process.execPath, [...program('tools/demo/main.ts'), ...arguments_], { cwd })
  const exit = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), exit])
  return { out, error, code }
}

t.test('the demo plays one payment and says which order is PAID', async (t) => {
  const { out, error, code } = await demo([])
  t.equal(code, 0, error)
  const lines = out.trimEnd().split('\n')
  t.match(
    lines.at(-1),
    /^order demo[0-9a-f]{12} is PAID; of its 19\.99 yuan, 5\.00 went back since, 14\.99 stayed with the merchant: it is PARTIALLY_REFUNDED now$/,
  )
  STEPS['weixin-v3'].forEach((name, i) => {
    t.match(lines[i], new RegExp(`^ ?${i + 1} {2}${name} `))
  })
  t.equal(out, stripVTControlCharacters(out), 'no colours where nobody sees them')
})

for (const provider of providerNames) {
  t.test(`${provider}: for machines it is one JSON object a line`, async (t) => {
    const { out, code } = await demo(['--json', '--provider', provider])
    t.equal(code, 0)
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    t.strictSame(
      lines.map(({ step, ok }) => [step, ok]),
      [...STEPS[provider], 'end'].map((step) => [step, true]),
    )
    t.match(
      lines.find(({ step }) => step === 'order created'),
      { provider, totalFee: 1999, state: 'CREATED' },
    )
    const refunds = provider === 'alipay' ? [500, 1499] : [500]
    t.match(lines.at(-1), {
      outTradeNo: /^demo/,
      state: 'PAID',
      text:
        provider === 'alipay'
          ? /is PAID; of its 19\.99 yuan, 5\.00 and 14\.99 went back since, all of it: it is REFUNDED now$/
          : /5\.00 went back since, 14\.99 stayed with the merchant: it is PARTIALLY_REFUNDED now$/,
      refunds: refunds.map((refundFee) => ({ refundFee })),
      orderState: provider === 'alipay' ? 'REFUNDED' : 'PARTIALLY_REFUNDED',
    })
  })
}

t.test('a provider that there is not is refused by name', async (t) => {
  const { error, code } = await demo(['--provider', 'paypal'])
  t.equal(code, 2)
  t.match(error, /^--provider: expected one of weixin-v3, weixin-v2, alipay\n\nnpm run demo /)
})

t.test('without a build it says what to do, and fails', async (t) => {
  const { out, code } = await demo([], t.testdir({}))
  t.equal(code, 1)
  t.match(out, /failed at: setting up\n.*npm run build/)
})

t.test('a step that fails is named', async (t) => {
  const stage = await setUp(dist)
  t.teardown(stage.close)
  stage.platforms.faults.next('weixin-pay-v3.notice', 'dropped')
  const printed: string[] = []
  const story = reportIn({ json: false, colour: false, print: (line) => printed.push(line) })
  const failure = await playPayment(stage, story).catch((error: unknown) => error)
  t.ok(failure instanceof StepFailed)
  t.match(failure, { step: 'callback verified', message: /dropped/ })
  story.failed(failure, ['first', 'last'])
  t.match(printed.at(-3), /failed at: callback verified/)
  t.equal(printed.at(-1), '    last')
  t.notOk(printed.some((line) => line.includes('is PAID')))
})

t.test('a refund that fails is named, too', async (t) => {
  const stage = await setUp(dist, 'alipay')
  t.teardown(stage.close)
  stage.platforms.faults.next('alipay.trade.refund', 'no-funds')
  const story = reportIn({ json: true, colour: false, print: () => undefined })
  const failure = await playPayment(stage, story).catch((error: unknown) => error)
  t.match(failure, { step: 'refund accepted', message: /ACQ\.SELLER_BALANCE_NOT_ENOUGH/ })
})

t.test('on a terminal it is in colour', async (t) => {
  const printed: string[] = []
  const story = reportIn({ json: false, colour: true, print: (line) => printed.push(line) })
  await story.step('green', async () => ({ text: 'grass', facts: {}, value: 1 }))
  const [line = ''] = printed
  t.match(stripVTControlCharacters(line), / 1 {2}green +grass \d+ ms$/)
  t.not(line, stripVTControlCharacters(line))
})
