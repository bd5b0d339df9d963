import t from 'tap'
import type { Diagnosis } from '../../shared/diagnosis/causes.js'
import { diagnoseAnswer } from '../../shared/diagnosis/index.js'
import { type Fields, openHouse } from '../payment/house.js'
import { paid, signed, signedXml, xml } from '../payment/weixin-v2/message.js'
import { handClock } from '../support/clock.js'

/** What the diagnosis finds is for the log and the evidence, within bounds, and never for the sender. */

const good = signedXml(paid())
const base64 = Buffer.from(good).toString('base64')
const notesOf = (log: Fields[]) => (log.at(-1)?.notes ?? []) as Fields[]

t.test('the log and the kept evidence say why and what to change, the reply nothing', async (t) => {
  const house = await openHouse(t)
  const kept: string[] = []
  const { notices } = house.store
  const keep = notices.keepRefused.bind(notices)
  notices.keepRefused = async (refused) => {
    kept.push(refused.reason)
    return keep(refused)
  }
  const replies = new Set<string>()
  for (const body of [
    base64,
    xml(paid()),
    xml(signed(paid(), 'MD5', '0'.repeat(32))),
    signedXml(paid(), 'HMAC-SHA256'),
  ]) {
    replies.add(JSON.stringify(await house.notice(body)))
  }
  t.equal(replies.size, 1)
  t.notMatch([...replies][0], /base64|algorithm|key/)
  t.strictSame(kept, [
    'malformed; base64 not undone',
    'signature missing',
    'signature wrong; other key',
    'signature wrong; other algorithm',
  ])
  t.match(notesOf(house.log), [
    {
      event: 'payment.noticeRefused',
      reason: 'signature wrong',
      finding: 'other algorithm',
      remedy: /signed by HMAC-SHA256; the signature is right under another algorithm.*签名算法不一致/,
    },
  ])
})

t.test('whoever floods the address is not worked for, and a minute later there is time again', async (t) => {
  const house = await openHouse(t)
  await house.clock.advance(3_600_000)
  const findings: unknown[] = []
  for (let times = 0; times < 60; times++) {
    await house.notice(base64)
    findings.push(notesOf(house.log)[0]?.finding)
  }
  t.equal(findings.filter((finding) => finding === 'base64 not undone').length, 30)
  t.equal(findings.at(-1), undefined)
  const dependencies = { clock: house.clock, timeLeft: () => 5000 }
  const answer = await diagnoseAnswer(dependencies, Buffer.alloc(0), () => ({ cause: 'bytes lost' }))
  t.match(answer, { finding: 'bytes lost', remedy: /a proxy between/ }, 'answers have time of their own')
  await house.clock.advance(60_000)
  await house.notice(base64)
  t.equal(notesOf(house.log)[0]?.finding, 'base64 not undone')
})

t.test('a large body is not examined', async (t) => {
  const house = await openHouse(t)
  await house.clock.advance(7_200_000)
  await house.notice(base64.padEnd(70_000, 'A'))
  t.equal(notesOf(house.log)[0]?.finding, undefined)
})

t.test('answers have bounds of their own', async (t) => {
  const clock = handClock()
  await clock.advance(10_800_000)
  const examined = (body = '', left = 5000, explain: () => Diagnosis = () => ({ cause: 'other key' })) =>
    diagnoseAnswer({ clock, timeLeft: () => left }, Buffer.from(body), explain)
  const fails = () => {
    throw new Error('a setting that cannot be read')
  }
  t.equal(await examined('A'.repeat(70_000)), undefined, 'a large one')
  t.equal(await examined('', 1000), undefined, 'with little time left')
  t.equal(await examined('', 5000, fails), undefined, 'whatever goes wrong')
  const findings: unknown[] = []
  for (let times = 0; times < 40; times++) findings.push((await examined())?.finding)
  t.equal(findings.filter((finding) => finding === 'other key').length, 29, 'one went into what went wrong')
  await clock.advance(60_000)
  t.match(await examined(), { finding: 'other key' })
})

t.test('a genuine notice is not examined', async (t) => {
  const house = await openHouse(t)
  t.match(await house.notice(good), { body: /SUCCESS/ })
  t.notOk(notesOf(house.log).some((note) => 'finding' in note))
})
