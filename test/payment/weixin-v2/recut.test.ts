import t from 'tap'
import { MCH_ID, openHouse } from '../house.js'
import { type Message, paid, sign, signed, signedXml, xml } from './message.js'
import { envelope, failureOf, openPlatform } from './platform.js'

/**
 * V2 signs `name=value` joined by `&`: one signed text, cut into fields in several ways. Whoever chooses `attach` can
 * write fields into it, and cut the genuine notice of a payment of 1 fen anew.
 */

const VICTIM = 'T20500101'

/** Of 1 fen, for an order of the attacker's own, with an `attach` of at most 127 characters. */
const cheap = (attach: string): Message => ({
  ...paid({ out_trade_no: 'A00001', total_fee: '1', cash_fee: '1', transaction_id: REAL, attach }),
})

const REAL = '4200009999205001011234567890'

/** The same text in other fields: `attach` ends at once, what it held are fields, the last of which holds the rest. */
function recut(genuine: Message): Message {
  const whole = signed(genuine)
  const names = Object.keys(genuine).filter((name) => genuine[name])
  const text = names
    .sort()
    .map((name) => `${name}=${genuine[name]}`)
    .join('&')
  const [before = '', held = ''] = text.split(genuine.attach ?? '')
  const forged = Object.fromEntries(
    (genuine.attach ?? '')
      .split('&')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
  const last = Object.keys(forged).at(-1) ?? ''
  const after = last < 'trade_type' ? held.split(/&(?=transaction_id=|trade_type=)/) : [held]
  const fields: Message = {
    ...Object.fromEntries(before.split('&').map((pair) => pair.split('='))),
    ...forged,
    attach: forged[''] ?? 'x',
    [last]: `${forged[last]}${after[0]}`,
    ...Object.fromEntries(after.slice(1).map((pair) => pair.split('=').map(String))),
    sign: whole.sign,
  }
  delete fields['']
  return fields
}

/** What an attacker would write into `attach`: everything after the first character are fields. */
const attachOf = (last: string, ...fields: string[]) => ['x', ...fields, `${last}=`].join('&')

t.test('fields that were written into attach do not count', async (t) => {
  const house = await openHouse(t, { EVENT_TARGET: 'function:onPayment' })
  await house.server('createOrder', { outTradeNo: VICTIM, totalFee: 1999, body: 'tea', openid: 'oAlice' })
  const about = [`mch_id=${MCH_ID}`, `out_trade_no=${VICTIM}`, 'result_code=SUCCESS', 'return_code=SUCCESS']
  for (const attach of [
    // The number of the payment stays the real one.
    attachOf('total_fex', ...about, 'total_fee=1999'),
    // A short one of the attacker's own, and the real one hidden.
    attachOf('z', ...about, 'total_fee=1999', 'transaction_id=1'),
  ]) {
    const genuine = cheap(attach)
    t.ok(attach.length <= 127, `${attach.length} characters`)
    const forged = recut(genuine)
    t.equal(forged.out_trade_no, VICTIM)
    t.equal(forged.total_fee, '1999')
    t.equal(sign(forged), forged.sign, 'the signature is right')
    t.match(await house.notice(xml(forged)), { body: /FAIL/ })
    t.match(await house.order(VICTIM), { state: 'CREATED', events: [] })
  }
  await house.server('createOrder', { outTradeNo: 'A00001', totalFee: 1, body: 'tea', openid: 'oAlice' })
  const own = cheap(attachOf('z', ...about, 'total_fee=1999'))
  t.match(await house.notice(signedXml(own)), { body: /SUCCESS/ }, 'the genuine one pays what it says')
  t.match(await house.order('A00001'), { state: 'PAID' })
})

t.test('a payment has a number of 28 digits: what is much shorter is refused', async (t) => {
  const house = await openHouse(t)
  await house.server('createOrder', { outTradeNo: VICTIM, totalFee: 1999, body: 'tea', openid: 'oAlice' })
  for (const transaction_id of ['1', '1234567890123456789', `${REAL.slice(0, 20)}x`]) {
    t.match(await house.notice(signedXml(paid({ transaction_id }))), { body: /FAIL/ }, transaction_id)
  }
  t.match(await house.order(VICTIM), { state: 'CREATED' })
})

t.test('answers are signed in the same way, and read with the same care', async (t) => {
  const platform = await openPlatform(t)
  const order = { out_trade_no: VICTIM, trade_state: 'SUCCESS', transaction_id: REAL, total_fee: '1999' }
  const refund = { ...order, refund_count: '1', out_refund_no_0: 'R1', refund_status_0: 'SUCCESS' }
  for (const hidden of ['x&trade_state=NOTPAY', 'x&out_trade_no=A1', 'x&total_fee=1']) {
    platform.reply = { status: 200, body: signedXml(envelope({ ...order, new_field: hidden })) }
    t.match(await failureOf(platform.provider.orderQuery({ outTradeNo: VICTIM })), {
      ...{ errCode: 'UNVERIFIED_ANSWER', outcome: 'unknown' },
    })
  }
  platform.reply = { status: 200, body: signedXml(envelope({ ...order, attach: 'x&total_fee=1' })) }
  t.match((await platform.provider.orderQuery({ outTradeNo: VICTIM }))?.facts, { attach: 'x&total_fee=1' })
  platform.reply = { status: 200, body: signedXml(envelope({ ...order, transaction_id: '1' })) }
  t.match(await failureOf(platform.provider.orderQuery({ outTradeNo: VICTIM })), {
    errCode: 'UNVERIFIED_ANSWER',
  })
  for (const changes of [{ transaction_id: '1' }, { new_field: 'x&refund_status_0=PROCESSING' }]) {
    platform.reply = {
      status: 200,
      body: signedXml(envelope({ ...refund, refund_fee_0: '500', ...changes })),
    }
    t.match(await failureOf(platform.provider.refundQuery?.({ outTradeNo: VICTIM })), {
      errCode: 'UNVERIFIED_ANSWER',
    })
  }
})
