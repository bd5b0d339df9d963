import t from 'tap'
import { systemClock } from '../../shared/clock.js'
import { runDoctor, startDeployment } from './support/deployment.js'
import { relayTo } from './support/relay.js'

const json = (value: object) => JSON.stringify(value)

t.test('AppID, AppSecret and quotas', async (t) => {
  const { platforms, healthy, finds } = await startDeployment(t)
  const base = healthy('alipay')
  const ofToken = (errcode: number) => ({ '/cgi-bin/stable_token': () => json({ errcode, errmsg: 'no' }) })
  const findingMaker = async (answers: Parameters<typeof relayTo>[2]) => ({
    WEIXIN_API_BASE_URL: await relayTo(t, platforms.url, answers),
  })
  const quotas = (remain: number) => ({
    '/cgi-bin/openapi/quota/get': (body: Buffer) => {
      const { cgi_path: path } = JSON.parse(body.toString()) as { cgi_path: string }
      if (path !== '/wxa/msg_sec_check') return json({ errcode: 76021, errmsg: 'cgi_path not found' })
      return json({ errcode: 0, quota: { daily_limit: 1000, used: 1000 - remain, remain } })
    },
  })
  await finds(t, base, [
    {
      name: 'an application of nobody',
      change: { WEIXIN_APP_ID: 'wx0000000000000000' },
      finds: ['weixin.secret/app-unknown'],
    },
    {
      name: 'an AppSecret that was reset',
      change: { WEIXIN_APP_SECRET: '0'.repeat(32) },
      finds: ['weixin.secret/secret-wrong'],
    },
    {
      name: 'an address that is not in the allow-list',
      before: () => platforms.faults.next('auth.getStableAccessToken', 'unlisted-address'),
      finds: ['weixin.secret/address-refused'],
    },
    { name: 'no AppSecret', change: { WEIXIN_APP_SECRET: '' }, finds: ['weixin.secret/no-secret'] },
    {
      name: 'a frozen one',
      change: await findingMaker(ofToken(40243)),
      finds: ['weixin.secret/secret-frozen'],
    },
    {
      name: 'no more tokens today',
      change: await findingMaker(ofToken(45009)),
      finds: ['weixin.secret/quota-used-up'],
    },
    {
      name: 'a code nobody knows',
      change: await findingMaker(ofToken(49999)),
      finds: ['weixin.secret/refused'],
    },
    {
      name: 'a token hub with another key',
      change: {
        TOKEN_HUB_KEY: Buffer.alloc(32, 1).toString('base64'),
        WEIXIN_TOKEN_HUB_URL: await relayTo(t, platforms.url, {
          '/': () => ({ status: 401, body: json({ errCode: 'TOKEN_HUB_REFUSED', errMsg: 'no' }) }),
        }),
      },
      finds: ['weixin.secret/hub-refused'],
    },
    { name: 'a quota that runs out', change: await findingMaker(quotas(99)), finds: ['weixin.quota/low'] },
    { name: 'a quota that ran out', change: await findingMaker(quotas(0)), finds: ['weixin.quota/used-up'] },
  ])
})

t.test('the address that WeChat saw is told', async (t) => {
  const { platforms, healthy } = await startDeployment(t)
  platforms.faults.next('auth.getStableAccessToken', 'unlisted-address')
  const { text } = await runDoctor(healthy('alipay'))
  t.match(text, /WeChat sees this machine as 203\.0\.113\.9,/)
  t.match(text, /微信看到的本机出口 IP 为 203\.0\.113\.9/)
})

t.test('the clock', async (t) => {
  const { healthy, finds } = await startDeployment(t)
  const base = healthy()
  const by = (ms: number) => ({ ...systemClock, now: () => systemClock.now() + ms })
  for (const [name, ms, found] of [
    ['ten minutes fast', 600_000, 'clock/off'],
    ['ten minutes slow', -600_000, 'clock/off'],
    ['a minute fast', 60_000, 'clock/drifts'],
  ] as const) {
    await finds(t, base, [{ name, circumstances: { clock: by(ms) }, finds: [found] }])
  }
})

t.test('a provider that keeps silent is given up after five seconds', async (t) => {
  const { platforms, healthy } = await startDeployment(t)
  platforms.faults.next('auth.getStableAccessToken', 'timeout', 3)
  const startedAt = performance.now()
  const { errors, rest } = await runDoctor(healthy('alipay'))
  const ms = performance.now() - startedAt
  t.strictSame(errors, [])
  t.ok(rest.includes('weixin.secret/unreachable'))
  t.ok(ms > 4000 && ms < 10_000, `${Math.round(ms)} ms`)
})
