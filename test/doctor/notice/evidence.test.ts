import t from 'tap'
import type { HttpCall } from '../../../shared/operation/index.js'
import { openDoctor } from '../../../tools/doctor/doctor.js'
import { readCapture } from '../../../tools/doctor/notice/capture.js'
import { diagnoseCapture } from '../../../tools/doctor/notice/diagnose.js'
import { APP_ID, KEY, MCH_ID, openHouse } from '../../payment/house.js'
import { paid, signedXml } from '../../payment/weixin-v2/message.js'

/** What the store keeps of notices, and other ways to write a capture down. */

const EVIDENCE_KEY = Buffer.alloc(32, 7).toString('base64')
const env = { WEIXIN_APP_ID: APP_ID, WEIXIN_MCH_ID: MCH_ID, WEIXIN_PAY_KEY: KEY }
const good = signedXml(paid())
const base64 = Buffer.from(good).toString('base64')

async function asked(settings: Record<string, string>, bytes: string) {
  const doctor = openDoctor({ settings })
  const capture = readCapture(Buffer.from(bytes), doctor.settings)
  return { capture, ...(await diagnoseCapture(doctor, capture)) }
}

const sealings: Record<string, Record<string, string>> = { open: {}, sealed: { EVIDENCE_KEY } }

for (const [name, sealing] of Object.entries(sealings)) {
  t.test(`evidence, ${name}: as a document and alone`, async (t) => {
    const house = await openHouse(t, sealing)
    const kept: Record<string, unknown>[] = []
    const { notices } = house.store
    notices.keepRefused = async (refused) => void kept.push(refused)
    await house.notice(`${base64}\n`)
    const [document] = kept
    const settings = { ...env, ...sealing }
    const at = house.clock.now()
    const line = JSON.stringify(document)
    const lines = `${JSON.stringify({ ...document, provider: 'alipay' })}\n${line}\n{"at":1}\n`
    for (const written of [line, `${JSON.stringify(document, null, 2)}\n`, lines]) {
      t.match(await asked(settings, written), {
        capture: { provider: 'weixin-v2', at, call: { rawBody: Buffer.from(`${base64}\n`) } },
        best: { reading: { authentic: false }, finding: { cause: 'base64 not undone' } },
      })
    }
    const exported = JSON.stringify({ ...document, at: { $numberLong: String(at) } })
    t.equal((await asked(settings, exported)).capture.at, at, "as MongoDB's tools write numbers")
    t.match(await asked(settings, String(document?.evidence)), {
      best: { finding: { cause: 'base64 not undone' } },
    })
  })
}

t.test('a notice that was accepted', async (t) => {
  const house = await openHouse(t)
  await house.server('createOrder', {
    outTradeNo: 'T20500101',
    totalFee: 1999,
    body: 'tea',
    openid: paid().openid,
  })
  t.match(await house.notice(good), { body: /SUCCESS/ })
  const { transaction_id: number } = paid()
  const record = await house.store.notices.find(`weixin-v2:${MCH_ID}:payment:${number}`)
  t.ok(record, 'it is kept')
  t.match(await asked(env, JSON.stringify(record)), {
    capture: { provider: 'weixin-v2', merchantId: MCH_ID, at: house.clock.now() },
    best: { reading: { authentic: true } },
  })
})

t.test('sealed evidence does not open without its key', async (t) => {
  const house = await openHouse(t, { EVIDENCE_KEY })
  const kept: string[] = []
  house.store.notices.keepRefused = async ({ evidence }) => void kept.push(evidence)
  await house.notice(base64)
  await t.rejects(asked(env, kept[0] ?? ''), /EVIDENCE_KEY is not set/)
})

t.test('ways to write HTTP down', async (t) => {
  const call = (text: string): HttpCall =>
    readCapture(Buffer.from(text, 'latin1'), openDoctor({ settings: {} }).settings).call
  const body = (text: string) => call(text).rawBody.toString('latin1')
  t.equal(body('POST /x HTTP/1.1\r\nHost: a\r\n\r\n<xml/>'), '<xml/>', 'as it was sent')
  t.equal(body('POST /x HTTP/1.1\nHost: a\n\n<xml/>\n'), '<xml/>', 'as an editor saves it')
  t.equal(
    body('Content-Length: 7\n\n<xml/>\n'),
    '<xml/>\n',
    'unless the length says that the line end belongs to it',
  )
  t.equal(body('Content-Length: 6\n\n<xml/>\n'), '<xml/>')
  t.equal(body('\r\n<xml/>'), '<xml/>', 'an empty head')
  t.equal(body('a=1&b=2:3\n\nc'), 'a=1&b=2:3\n\nc', 'a body that is no head')
  t.equal(body('{"a":\n\n1}'), '{"a":\n\n1}')
  t.equal(body('POST / HTTP/1.1\nContent-Length: 9'), '', 'a body that is gone')
  t.equal(body(`a: \xff\r\n\r\n\xfe`), '\xfe', 'bytes that are no text')
  t.strictSame(call('X-A: 1\nx-a: 2\n\n').headers, { 'x-a': '1, 2' })
  const { path } = call('POST https://shop.example.com/pay/weixin-v2/1?a=1 HTTP/2\n\n')
  t.equal(path, '/pay/weixin-v2/1')
})
