import t from 'tap'
import { systemRandom } from '../../shared/clock.js'
import { environmentSource, Settings } from '../../shared/config/index.js'
import { callEvidence, evidenceSettings, openEvidence, sealEvidence } from '../../shared/events/evidence.js'
import { MCH_ID, openHouse } from '../payment/house.js'
import { paid, signedXml } from '../payment/weixin-v2/message.js'

const EVIDENCE_KEY = Buffer.alloc(32, 9).toString('base64')

const settings = (env: Record<string, string>) =>
  new Settings([environmentSource(env)], new Set(evidenceSettings))

const noticeOf = (house: Awaited<ReturnType<typeof openHouse>>) =>
  house.store.notices.find(`weixin-v2:${MCH_ID}:payment:4200001234205001011234567890`)

t.test('the bytes as they arrived', async (t) => {
  const house = await openHouse(t)
  const body = `\ufeff${signedXml(paid())}\r\n`
  await house.notice(body, { base64: true, headers: { Authorization: 'secret', 'Wechatpay-Serial': 'x' } })
  const kept = openEvidence((await noticeOf(house))?.evidence ?? '', settings({}))
  const bodyAt = kept.indexOf('\r\n\r\n') + 4
  t.equal(kept.subarray(0, bodyAt).toString(), 'content-type: text/xml\r\nwechatpay-serial: x\r\n\r\n')
  t.ok(kept.subarray(bodyAt).equals(Buffer.from(body)))
})

t.test('without telling headers the body still begins after the empty line', async (t) => {
  const rawBody = Buffer.from([0, 255, 13, 10])
  const call = { method: 'POST', path: '/', headers: { cookie: 'x' }, query: {}, rawBody }
  t.strictSame(callEvidence(call), Buffer.concat([Buffer.from('\r\n'), rawBody]))
})

t.test('sealed where there is a key, and opened by that key alone', async (t) => {
  const house = await openHouse(t, { EVIDENCE_KEY })
  await house.notice(signedXml(paid()))
  const evidence = (await noticeOf(house))?.evidence ?? ''
  t.match(evidence, /^sealed:/)
  t.notOk(Buffer.from(evidence, 'base64').includes('4200001234205001011234567890'))
  t.match(
    openEvidence(evidence, settings({ EVIDENCE_KEY })).toString(),
    /<transaction_id>4200001234205001011234567890</,
  )
  t.throws(
    () => openEvidence(evidence, settings({ EVIDENCE_KEY: Buffer.alloc(32).toString('base64') })),
    /not opened/,
  )
  t.throws(() => openEvidence(evidence, settings({})), /EVIDENCE_KEY is not set/)
})

t.test('no two seals are the same', async (t) => {
  const seal = () => sealEvidence(Buffer.from('x'), settings({ EVIDENCE_KEY }), systemRandom)
  t.not(seal(), seal())
})

t.test('a key that is none is told of', async (t) => {
  const broken = settings({ EVIDENCE_KEY: 'short' })
  t.throws(() => sealEvidence(Buffer.from('x'), broken, systemRandom), /^EVIDENCE_KEY: not 32 bytes/)
})
