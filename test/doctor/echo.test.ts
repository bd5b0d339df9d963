import t from 'tap'
import { systemClock } from '../../shared/clock.js'
import { changedBody } from '../../shared/diagnosis/bodies.js'
import { ECHO_PATH, echoOf, type Probe, probeHeaders } from '../../shared/payment/notices/doctorEcho.js'
import { type ChangeCode, changes } from '../../tools/doctor/checks/notify/echoProbe.js'
import { send } from '../support/network/send.js'
import { callbackServer, refusals } from './support/callback.js'

/** Evidence is sealed with it as well, so it has 32 bytes. */
const SECRET = Buffer.alloc(32, 9).toString('base64')
const REFUSAL = { status: 400, body: 'fail' }

t.test('the echo answers whoever holds a secret, and is nobody’s address to all others', async (t) => {
  const base = await callbackServer(t, { EVIDENCE_KEY: SECRET }, systemClock)
  const body = Buffer.from(' <xml>\r\n茶 </xml> \r\n')
  const probe = (changes: Partial<Probe> = {}): Probe => ({
    setting: 'EVIDENCE_KEY',
    seconds: String(Math.floor(systemClock.now() / 1000)),
    nonce: '0123456789abcdef0123456789abcdef',
    ...changes,
  })
  const post = async (headers: Record<string, string>, path = ECHO_PATH) => {
    const answer = await send(`${base}/verifyPaymentNotify${path}`, { headers, body })
    return { status: answer.status, body: answer.body.toString() }
  }
  const seconds = (by: number) => String(Math.floor(systemClock.now() / 1000) + by)

  const { status, body: said } = await post(probeHeaders(probe(), SECRET))
  t.equal(status, 200)
  t.strictSame(JSON.parse(said), { doctorEcho: echoOf(body, probe(), SECRET), bytes: body.length })
  t.strictSame(refusals.splice(0), [], 'a probe is no refused notice')

  const good = probeHeaders(probe(), SECRET)
  const forged: readonly (readonly [name: string, headers: Record<string, string>])[] = [
    ['nothing at all', {}],
    ['another secret', probeHeaders(probe(), 'another secret')],
    ['another nonce under the same signature', { ...good, 'wechatpay-nonce': 'f'.repeat(32) }],
    ['another time under the same signature', { ...good, 'wechatpay-timestamp': seconds(1) }],
    ['a signature that is cut short', { ...good, 'wechatpay-signature': '00' }],
    ['six minutes ago', probeHeaders(probe({ seconds: seconds(-360) }), SECRET)],
    ['in six minutes', probeHeaders(probe({ seconds: seconds(360) }), SECRET)],
    ['a nonce that is none', probeHeaders(probe({ nonce: 'x' }), SECRET)],
    ['a setting that is not there', probeHeaders(probe({ setting: 'EVENT_SECRET' }), SECRET)],
    ['a setting that is no secret', { ...good, 'wechatpay-serial': 'WEIXIN_MCH_ID' }],
    ['a name that every object has', { ...good, 'wechatpay-serial': 'constructor' }],
  ]
  for (const [name, headers] of forged) t.strictSame(await post(headers), REFUSAL, name)
  t.equal(refusals.splice(0).length, forged.length, 'each is kept as evidence, like any forgery')

  t.strictSame(
    await post(good, '/weixin-v9/1900000109'),
    REFUSAL,
    'a good probe counts below its own path alone',
  )
})

t.test('what is echoed signs no probe, and the other way round', async (t) => {
  const probe: Probe = { setting: 'EVIDENCE_KEY', seconds: '1900000000', nonce: 'a'.repeat(32) }
  const text = Buffer.from(`${probe.setting}\n${probe.seconds}\n${probe.nonce}`)
  t.not(probeHeaders(probe, SECRET)['wechatpay-signature'], echoOf(text, { ...probe, nonce: '' }, SECRET))
})

/** The JSON of a notice, sent with the space around it that something may take away. */
const notice = (around: string): Buffer =>
  Buffer.from(`{"id":"1","summary":"支付成功 <a>","resource":{"ciphertext":"Tw+x/2=="}}${around}`)

/** What the log says of a notice to which the same was done, and after which space. */
const causes: Readonly<Partial<Record<ChangeCode, readonly [cause: string, around?: string]>>> = {
  trimmed: ['ends trimmed', '\r\n'],
  'line-ends': ['line ends changed', '\r\n\r\n'],
  'json-rewritten': ['re-serialised JSON'],
  'html-escaped': ['HTML entities'],
  charset: ['wrong charset'],
  base64: ['base64 not undone'],
}

t.test('what the doctor sees done to a body, the log names as the cause', async (t) => {
  for (const [code, [cause, around = '']] of Object.entries(causes)) {
    const sent = notice(around)
    const found = changes
      .filter(([each]) => each === code)
      .map(
        ([, change]) =>
          changedBody(change(sent), (original) => Buffer.from(original as Buffer).equals(sent)).cause,
      )
    t.ok(found.includes(cause as (typeof found)[number]), `${code}: ${found.join(', ')}`)
  }
})
