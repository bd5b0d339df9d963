import t from 'tap'
import { startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import { runDoctor, startDeployment } from './support/deployment.js'

const usual = ['choices/elsewhere', 'choices/elsewhere', 'choices/elsewhere', 'notify.url/local']

t.test('a deployment in good health, in every mode of verification', async (t) => {
  for (const [mode, alipay] of [
    ['public-key', 'keys'],
    ['certificates', 'certificates'],
    ['both', 'keys'],
  ] as const) {
    const { healthy } = await startDeployment(t, { verification: mode, alipay: { verification: alipay } })
    const { errors, warnings, rest } = await runDoctor(healthy())
    t.strictSame(errors, [], `nothing is wrong: WeChat Pay with ${mode}, Alipay with ${alipay}`)
    t.strictSame(warnings, usual, 'warned only that everything is on this machine')
    t.strictSame(
      rest.filter((name) => /accepted|plenty|key-right|proved|untouched|bound|right|distinct/.test(name)),
      [
        'clock/right',
        'weixin.secret/accepted',
        'weixin.quota/plenty',
        'weixinPay.keys/distinct',
        'weixinPay.v2/key-right',
        'weixinPay.v2/key-right',
        'weixinPay.tls/accepted',
        'weixinPay.v3App/bound',
        'alipay.gateway/proved',
        'notify.echo/untouched',
      ],
      'and everything that could be proved was proved',
    )
    const proved = mode === 'public-key' ? 'weixinPay.v3/public-key' : 'weixinPay.v3/certificates'
    t.ok(rest.includes(proved))
  }
})

t.test('nothing is made at WeChat Pay, nothing is refunded, and no token dies', async (t) => {
  const { platforms, healthy } = await startDeployment(t)
  const before = await runDoctor(healthy())
  t.strictSame(before.errors, [])
  const state = JSON.stringify(platforms.state())
  t.notMatch(state, /doctor/, 'no order of the doctor’s is in anybody’s books')
  t.notOk(
    platforms.requests.some(({ path }) => path === '/cgi-bin/token'),
    'no plain token was fetched',
  )
  t.notOk(platforms.requests.some(({ body }) => body.includes('force_refresh')))
  const refunds = platforms.requests.filter(({ path }) => path === '/secapi/pay/refund')
  t.ok(refunds.length === 1 && refunds[0]?.body.length === 0, 'the certificate was shown with an empty body')
})

t.test('offline, nothing leaves the machine', async (t) => {
  const { platforms, healthy } = await startDeployment(t)
  const { errors, rest } = await runDoctor(healthy(), { offline: true })
  t.strictSame(errors, [])
  t.strictSame(platforms.requests.length, 0)
  t.equal(rest.filter((name) => name.endsWith('/offline')).length, 13)
})

t.test('what does not answer is skipped in time, and blamed on nobody', async (t) => {
  const platforms = await startLocalPlatforms({})
  const env = platforms.settings('weixin-v2', 'weixin-v3', 'alipay')
  await platforms.close()
  const startedAt = performance.now()
  const { errors, rest } = await runDoctor({ ...env, NOTIFY_BASE_URL: 'https://127.0.0.1:1/pay' })
  t.strictSame(errors, [])
  t.ok(rest.filter((name) => name.endsWith('/unreachable')).length >= 8)
  t.ok(performance.now() - startedAt < 15_000)
})
