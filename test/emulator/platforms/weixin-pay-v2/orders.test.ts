import t from 'tap'
import { isSigned } from '../../../../tools/emulator/platforms/weixin-pay-v2/message.js'
import { readXml } from '../../../../tools/emulator/platforms/weixin-pay-v2/xml.js'
import { openShop } from './merchant.js'

t.test('an order is answered under its own algorithm', async (t) => {
  const { order, platforms } = await openShop(t)
  for (const signType of ['MD5', 'HMAC-SHA256'] as const) {
    const answer = await order(`order-${signType}`, {}, signType)
    t.match(answer, {
      return_code: 'SUCCESS',
      result_code: 'SUCCESS',
      trade_type: 'JSAPI',
      prepay_id: /^wx\d{14}/,
    })
    t.match(answer, { appid: platforms.app.appId, mch_id: platforms.merchant.mchId })
    t.ok(isSigned(answer, signType, platforms.merchant.key))
  }
})

t.test('before anybody is known, refusals carry no signature', async (t) => {
  const { order, platforms } = await openShop(t)
  for (const [changes, reason] of [
    [{ sign: '0'.repeat(32) }, /签名错误/],
    [{ sign: undefined, mch_id: '1900000108' }, /商户号/],
    [{ mch_id: undefined }, /mch_id/],
    [{ sign_type: 'SHA1' }, /sign_type/],
    [{ sign_type: 'HMAC-SHA256' }, /签名错误/],
  ] as const) {
    const answer = await order('order-000001', changes)
    t.match(answer, { return_code: 'FAIL', return_msg: reason })
    t.strictSame(Object.keys(answer), ['return_code', 'return_msg'])
  }
  const send = async (init: RequestInit) =>
    readXml(await (await fetch(`${platforms.url}/pay/unifiedorder`, init)).text()).return_msg
  t.match(await send({ method: 'GET' }), /post方法/)
  t.match(await send({ method: 'POST' }), /为空/)
  t.match(await send({ method: 'POST', body: '{}' }), /XML/)
  t.match(await send({ method: 'POST', body: Buffer.from('<xml><a>\xff</a></xml>', 'latin1') }), /编码/)
})

t.test('every field is held to its rule, under a signature', async (t) => {
  const { order, platforms } = await openShop(t)
  for (const [changes, code] of [
    [{ total_fee: '0' }, 'PARAM_ERROR'],
    [{ total_fee: '1.5' }, 'PARAM_ERROR'],
    [{ total_fee: undefined }, 'LACK_PARAMS'],
    [{ out_trade_no: 'short' }, 'PARAM_ERROR'],
    [{ out_trade_no: 'x'.repeat(33) }, 'PARAM_ERROR'],
    [{ out_trade_no: 'spaces in it' }, 'PARAM_ERROR'],
    [{ body: undefined }, 'LACK_PARAMS'],
    [{ body: 'x'.repeat(129) }, 'PARAM_ERROR'],
    [{ spbill_create_ip: '999.0.0.1' }, 'PARAM_ERROR'],
    [{ notify_url: '/relative' }, 'PARAM_ERROR'],
    [{ notify_url: 'http://127.0.0.1/n?a=1' }, 'PARAM_ERROR'],
    [{ notify_url: 'ftp://127.0.0.1/n' }, 'PARAM_ERROR'],
    [{ trade_type: 'CASH' }, 'PARAM_ERROR'],
    [{ openid: undefined }, 'LACK_PARAMS'],
    [{ openid: 'oNobodyWeHaveEverSeenBefore0' }, 'PARAM_ERROR'],
    [{ appid: 'wx0000000000000000' }, 'APPID_NOT_EXIST'],
    [{ appid: undefined }, 'LACK_PARAMS'],
    [{ nonce_str: undefined }, 'LACK_PARAMS'],
    [{ trade_type: 'NATIVE' }, 'LACK_PARAMS'],
    [{ time_expire: '20500101080030' }, 'PARAM_ERROR'],
    [{ fee_type: 'USD' }, 'PARAM_ERROR'],
  ] as const) {
    const answer = await order('order-000002', changes)
    t.match(answer, { return_code: 'SUCCESS', result_code: 'FAIL', err_code: code }, JSON.stringify(changes))
    t.ok(isSigned(answer, 'MD5', platforms.merchant.key))
  }
  t.match(await order('order-000002'), { result_code: 'SUCCESS' }, 'none of them made the order')
})

t.test('the same order again gets its prepay_id again; another does not', async (t) => {
  const { order } = await openShop(t)
  const first = await order('order-000003')
  const again = await order('order-000003', { spbill_create_ip: '10.0.0.9', nonce_str: 'another' })
  t.equal(again.prepay_id, first.prepay_id)
  t.match(await order('order-000003', { total_fee: '2000' }), { err_code: 'INVALID_REQUEST' })
  t.match(await order('order-000003', { body: 'coffee' }), { err_code: 'OUT_TRADE_NO_USED' })
})

t.test('a prepay_id lives two hours; the order then gets another', async (t) => {
  const { order, orderInfo, platforms, clock } = await openShop(t)
  const { prepay_id: old = '' } = await order('order-000004')
  await clock.advance(2 * 3600_000)
  await t.rejects(platforms.requestPayment(orderInfo(old)), /过期/)
  const { prepay_id: fresh = '' } = await order('order-000004')
  t.not(fresh, old)
  t.match(await platforms.requestPayment(orderInfo(fresh)), { errMsg: 'requestPayment:ok' })
})

t.test('time_expire closes an order that nobody paid', async (t) => {
  const { order, query, clock } = await openShop(t)
  await order('order-000005', { time_expire: '20500101080100' })
  t.match(await query('order-000005'), { trade_state: 'NOTPAY' })
  await clock.advance(60_000)
  t.match(await query('order-000005'), { trade_state: 'CLOSED' })
  t.match(await order('order-000005', { time_expire: '20500101080100' }), { err_code: 'ORDERCLOSED' })
})

t.test('paid and closed orders say so', async (t) => {
  const { order, query, call, platforms, clock } = await openShop(t)
  await order('order-000006')
  await platforms.pay('order-000006')
  t.match(await order('order-000006'), { err_code: 'ORDERPAID' })
  t.match(await call('/pay/closeorder', { out_trade_no: 'order-000006' }), { err_code: 'ORDERPAID' })
  await order('order-000007')
  await clock.advance(5 * 60_000)
  t.match(await call('/pay/closeorder', { out_trade_no: 'order-000007' }), { result_code: 'SUCCESS' })
  t.match(await call('/pay/closeorder', { out_trade_no: 'order-000007' }), { err_code: 'ORDERCLOSED' })
  t.match(await query('order-000007'), { trade_state: 'CLOSED' })
  t.match(await call('/pay/closeorder', { out_trade_no: 'order-000000' }), { err_code: 'ORDERNOTEXIST' })
})

t.test('a query tells of the payment only once there is one, by either number', async (t) => {
  const { order, query, call, platforms } = await openShop(t)
  await order('order-000008', { attach: 'a&b' })
  const before = await query('order-000008')
  t.match(before, { trade_state: 'NOTPAY', trade_state_desc: '订单未支付', attach: 'a&b' })
  for (const name of ['openid', 'total_fee', 'transaction_id', 'time_end']) t.notOk(name in before, name)
  const { order: paid } = await platforms.pay('order-000008', { couponFee: 99 })
  const after = await call('/pay/orderquery', { transaction_id: paid.transactionId })
  t.match(after, {
    out_trade_no: 'order-000008',
    trade_state: 'SUCCESS',
    openid: platforms.openid('alice'),
    total_fee: '1999',
    cash_fee: '1900',
    coupon_fee: '99',
    coupon_count: '1',
    time_end: '20500101080000',
  })
  t.match(await call('/pay/orderquery', {}), { err_code: 'LACK_PARAMS' })
  t.match(await query('order-none-1'), { err_code: 'ORDERNOTEXIST' })
})

t.test('NATIVE and MWEB orders get what leads to them', async (t) => {
  const { order } = await openShop(t)
  const native = await order('order-000009', { trade_type: 'NATIVE', product_id: '12', openid: undefined })
  t.match(native, { code_url: /^weixin:\/\/wxpay\// })
  const mweb = await order('order-000010', { trade_type: 'MWEB', scene_info: '{}', openid: undefined })
  t.match(mweb, { mweb_url: /^https:\/\/wx\.tenpay\.com\// })
})
