import { createPrivateKey, createPublicKey } from 'node:crypto'
import t, { type Test } from 'tap'
import { type Clock, systemClock } from '../../../shared/clock.js'
import { openDoctor, secretTexts } from '../../../tools/doctor/doctor.js'
import { readCapture } from '../../../tools/doctor/notice/capture.js'
import { diagnoseCapture } from '../../../tools/doctor/notice/diagnose.js'
import { report } from '../../../tools/doctor/notice/report.js'
import type { Provider } from '../../payment/shop.js'
import { type Captured, capture } from './captured.js'

/** Notices of the local platforms as they came over the wire, what can be done to them or to the settings, and what is said. */

t.setTimeout(120_000)

type Env = Record<string, string>

interface Asked {
  env: Env
  bytes: Buffer
  at?: number
  clock?: Clock
}

async function asked({ env, bytes, at, clock = systemClock }: Asked) {
  const doctor = openDoctor({ settings: env, clock })
  const kept = readCapture(bytes, doctor.settings)
  const diagnosis = await diagnoseCapture(doctor, at === undefined ? kept : { ...kept, at }).finally(() =>
    doctor.close(),
  )
  const { secrets } = doctor
  const text = (language: 'en' | 'zh') => report(diagnosis, { language, isTimed: at !== undefined, secrets })
  return { diagnosis, en: text('en'), zh: text('zh') }
}

interface Fault {
  finds: string
  body?: (body: Buffer) => string | Buffer
  env?: (env: Env) => Env
  bytes?: (raw: Buffer) => Buffer
  /** Milliseconds after it was sent. */
  after?: number
}

const base64 = (body: Buffer): string => body.toString('base64')
const latin1 = (body: Buffer): string => body.toString('latin1')
const entities = (body: Buffer): string => String(body).replaceAll('"', '&quot;').replaceAll('<', '&lt;')

const ownPublicKey = (env: Env): string =>
  createPublicKey(
    createPrivateKey({
      key: Buffer.from(env.ALIPAY_PRIVATE_KEY ?? '', 'base64'),
      format: 'der',
      type: 'pkcs8',
    }),
  )
    .export({ type: 'spki', format: 'der' })
    .toString('base64')

const faults: Record<Provider, Record<string, Fault>> = {
  'weixin-v2': {
    'another key': { finds: 'other key', env: (env) => ({ ...env, WEIXIN_PAY_KEY: '0'.repeat(32) }) },
    'another algorithm': {
      finds: 'other algorithm',
      env: (env) => ({ ...env, WEIXIN_PAY_SIGN_TYPE: 'HMAC-SHA256' }),
    },
    base64: { finds: 'base64 not undone', body: base64 },
    entities: { finds: 'HTML entities', body: entities },
    'parsed and gone': { finds: 'body parsed', bytes: (raw) => raw.subarray(0, raw.indexOf('\r\n\r\n') + 4) },
  },
  'weixin-v3': {
    'written anew': {
      finds: 're-serialised JSON',
      body: (body) => JSON.stringify(JSON.parse(String(body)), null, 2),
    },
    'read as Latin-1': { finds: 'wrong charset', body: latin1 },
    'an end added': { finds: 'ends trimmed', body: (body) => `${body}\r\n` },
    base64: { finds: 'base64 not undone', body: base64 },
    'an hour late': { finds: 'clock off', after: 3_600_000 },
    'a header lost': {
      finds: 'headers lost',
      bytes: (raw) => Buffer.from(raw.toString('latin1').replace(/wechatpay-nonce: .*\r\n/i, ''), 'latin1'),
    },
    'a probe': {
      finds: 'probe traffic',
      bytes: (raw) =>
        Buffer.from(
          raw.toString('latin1').replace(/(wechatpay-signature: )/i, '$1WECHATPAY/SIGNTEST/'),
          'latin1',
        ),
    },
    'another id': {
      finds: 'wrong serial',
      env: (env) => ({ ...env, WEIXIN_PAY_PUBLIC_KEY_ID: 'PUB_KEY_ID_0000000000000000000000000000000007' }),
    },
    "V2's key": {
      finds: 'V2 key for V3',
      env: (env) => ({
        ...env,
        WEIXIN_PAY_V3_KEY: '0'.repeat(32),
        WEIXIN_PAY_KEY: env.WEIXIN_PAY_V3_KEY ?? '',
      }),
    },
  },
  alipay: {
    "the application's own key": {
      finds: 'application key for the Alipay key',
      env: (env) => ({ ...env, ALIPAY_PUBLIC_KEY: ownPublicKey(env) }),
    },
    'decoded before': { finds: 'double decoding', body: (body) => String(body).replaceAll('%2B', '+') },
    'parsed, and written as JSON': {
      finds: 're-serialised JSON',
      body: (body) => JSON.stringify(Object.fromEntries(new URLSearchParams(String(body)))),
    },
    base64: { finds: 'base64 not undone', body: base64 },
    'another amount': {
      finds: 'changed on the way',
      body: (body) => String(body).replace('total_amount=19.99', 'total_amount=99.99'),
    },
  },
}

async function verifies(t: Test, { env, raw, merchantId }: Captured, provider: Provider) {
  const { diagnosis, en, zh } = await asked({ env, bytes: raw })
  t.match(diagnosis, { sender: provider, best: { provider, merchantId, reading: { authentic: true } } })
  t.match(en, new RegExp(`^${provider}, merchant ${merchantId}\n✓ it verifies`))
  t.match(zh, /验签通过/)
}

for (const provider of ['weixin-v2', 'weixin-v3', 'alipay'] as const) {
  t.test(provider, async (t) => {
    const captured = await capture(t, provider)
    await verifies(t, captured, provider)
    const { raw, env: good, clock } = captured
    const sentAt = clock.now()
    for (const [name, { finds, body, env = (same: Env) => same, bytes, after }] of Object.entries(
      faults[provider],
    )) {
      const settings = env(good)
      const changed = body ? captured.as(body(captured.body)) : (bytes?.(raw) ?? raw)
      const at = after === undefined ? {} : { at: sentAt + after }
      const { diagnosis, en, zh } = await asked({ env: settings, bytes: changed, ...at })
      t.match(diagnosis.best, { provider, reading: { authentic: false }, finding: { cause: finds } }, name)
      t.match(en, new RegExp(`✗ it does not verify: .+\n  Why: ${finds}\n  Do: .+`), name)
      t.match(zh, new RegExp(`✗ 验签不通过：.+\n  原因：${finds}\n  处理：.+`), name)
      t.strictSame(
        secretTexts(settings).filter((secret) => (en + zh).includes(secret)),
        [],
        `${name}: no secret is shown`,
      )
    }
  })
}

t.test('without path or headers the body alone tells whose it is', async (t) => {
  for (const provider of ['weixin-v2', 'alipay'] as const) {
    const { env, body } = await capture(t, provider)
    for (const bytes of [body, Buffer.concat([body, Buffer.from('\n')])]) {
      const { diagnosis } = await asked({ env, bytes })
      t.match(diagnosis, { sender: provider, best: { reading: { authentic: true } } })
    }
  }
})

t.test('where nothing tells whose it is, everybody in the settings is asked', async (t) => {
  const { shop, body, env } = await capture(t, 'alipay')
  const all = { ...shop.platforms.settings('weixin-v2', 'weixin-v3', 'alipay'), ...env }
  const { diagnosis } = await asked({ env: all, bytes: Buffer.from(base64(body)) })
  t.match(diagnosis, {
    sender: undefined,
    best: { provider: 'alipay', finding: { cause: 'base64 not undone' } },
  })
})

t.test('the right one of several merchants is found', async (t) => {
  const { env, raw, merchantId } = await capture(t, 'weixin-v2')
  const apps = [{ appId: env.WEIXIN_APP_ID, kind: 'mp' }]
  const merchants = ['1900000001', merchantId].map((mchId) => ({
    ...{ mchId, apps },
    key: mchId === merchantId ? env.WEIXIN_PAY_KEY : '0'.repeat(32),
  }))
  const { WEIXIN_MCH_ID: _id, WEIXIN_PAY_KEY: _key, ...rest } = env
  const settings = { ...rest, WEIXIN_MERCHANTS: JSON.stringify(merchants) }
  const pathless = Buffer.from(raw.toString('latin1').replace(/^POST \S+/, 'POST /'), 'latin1')
  t.match((await asked({ env: settings, bytes: pathless })).diagnosis.best, {
    merchantId,
    reading: { authentic: true },
  })
})

t.test('platform certificates are fetched, and today, however old the callback is', async (t) => {
  const { env, raw, body, as, clock } = await capture(t, 'weixin-v3', { verification: 'certificates' })
  const { WEIXIN_PAY_PUBLIC_KEY: _key, WEIXIN_PAY_PUBLIC_KEY_ID: _id, ...settings } = env
  await clock.advance(3_600_000)
  t.match((await asked({ env: settings, bytes: raw, clock })).en, /✓ it verifies/)
  const pretty = as(JSON.stringify(JSON.parse(String(body)), null, 2))
  t.match((await asked({ env: settings, bytes: pretty, clock })).en, /Why: re-serialised JSON/)
})

t.test('an authentic callback for somebody else', async (t) => {
  const { env, raw } = await capture(t, 'alipay')
  const { en, diagnosis } = await asked({ env: { ...env, ALIPAY_SELLER_ID: '2088000000000000' }, bytes: raw })
  t.match(diagnosis.best, { reading: { authentic: false, reason: 'other merchant' }, finding: undefined })
  t.match(en, /its signature is right, it is for another merchant$/)
})

t.test("V3's time is judged where it is known, and else not", async (t) => {
  const { env, raw, clock } = await capture(t, 'weixin-v3')
  t.match((await asked({ env, bytes: raw })).en, /Its time was not judged: --at/)
  const at = clock.now()
  t.match((await asked({ env, bytes: raw, at })).en, /✓ it verifies$/)
  t.match((await asked({ env, bytes: raw, at: at - 3_600_000 })).zh, /比本机时钟快 3600 秒/)
})

t.test('settings without anybody it could be for', async (t) => {
  const { raw } = await capture(t, 'weixin-v2')
  const { diagnosis, en } = await asked({ env: {}, bytes: raw })
  t.equal(diagnosis.best, undefined)
  t.match(en, /no merchant in the settings takes messages of weixin-v2/)
})
