import t from 'tap'
import { RequestPaymentError } from '../../../../tools/emulator/platforms/index.js'
import { signatureOf } from '../../../../tools/emulator/platforms/weixin-pay-v2/message.js'
import { readXml, writeXml } from '../../../../tools/emulator/platforms/weixin-pay-v2/xml.js'
import { type Json, openShopV3 } from './merchant.js'

t.test('each scene answers what its client needs', async (t) => {
  const { order } = await openShopV3(t)
  const h5 = { scene_info: { payer_client_ip: '127.0.0.1', h5_info: { type: 'Wap' } } }
  t.match((await order('scene-0001')).json, { prepay_id: /^wx/ })
  t.match((await order('scene-0002', {}, 'app')).json, { prepay_id: /^wx/ })
  t.match((await order('scene-0003', {}, 'native')).json, { code_url: /^weixin:\/\/wxpay/ })
  t.match((await order('scene-0004', h5, 'h5')).json, { h5_url: /^https:\/\/wx\.tenpay\.com/ })
})

t.test('what an order has to say', async (t) => {
  const { order, platforms } = await openShopV3(t)
  const amount = { total: 1999, currency: 'CNY' }
  const cases: [string, Json, number, string, string?][] = [
    [
      'a text for a number',
      { amount: { ...amount, total: '1999' } },
      400,
      'PARAM_ERROR',
      '/body/amount/total',
    ],
    ['nothing', { amount: { ...amount, total: 0 } }, 400, 'PARAM_ERROR', '/body/amount/total'],
    ['a fraction', { amount: { ...amount, total: 0.5 } }, 400, 'PARAM_ERROR', '/body/amount/total'],
    ['no amount', { amount: undefined }, 400, 'PARAM_ERROR', '/body/amount'],
    [
      'another currency',
      { amount: { ...amount, currency: 'USD' } },
      400,
      'PARAM_ERROR',
      '/body/amount/currency',
    ],
    ['no openid', { payer: {} }, 400, 'PARAM_ERROR', '/body/payer/openid'],
    ['null', { attach: null }, 400, 'PARAM_ERROR', '/body/attach'],
    ['a short number', { out_trade_no: 'short' }, 400, 'PARAM_ERROR', '/body/out_trade_no'],
    ['a long text', { description: '茶'.repeat(128) }, 400, 'PARAM_ERROR', '/body/description'],
    ['http', { notify_url: 'http://example.com/pay' }, 400, 'PARAM_ERROR', '/body/notify_url'],
    ['a query', { notify_url: 'https://example.com/pay?a=1' }, 400, 'PARAM_ERROR', '/body/notify_url'],
    ['no offset', { time_expire: '2050-01-02T00:00:00' }, 400, 'PARAM_ERROR', '/body/time_expire'],
    ['too soon', { time_expire: '2050-01-01T08:00:59+08:00' }, 400, 'PARAM_ERROR'],
    ['a stranger', { payer: { openid: 'oNobody' } }, 500, 'OPENID_MISMATCH'],
    ['the app of a phone', { appid: platforms.app.openAppId }, 500, 'OPENID_MISMATCH'],
    ['a foreign app', { appid: 'wx0000000000000000' }, 400, 'APPID_MCHID_NOT_MATCH'],
    ['a foreign merchant', { mchid: '1900000108' }, 400, 'MCH_NOT_EXISTS'],
  ]
  for (const [what, changes, status, code, field] of cases) {
    const said = await order('said-00001', changes)
    t.match(said, { status, json: { code, ...(field ? { detail: { field, location: 'body' } } : {}) } }, what)
    t.ok(said.signedBy, what)
  }
  const h5 = await order('said-00002', { scene_info: { payer_client_ip: '1.2.3' } }, 'h5')
  t.match(h5.json, { detail: { field: '/body/scene_info/payer_client_ip' } })
  t.equal(
    (await order('said-00001', { time_expire: '2050-01-01T00:01:00Z', unheard: { of: 1 } })).status,
    200,
  )
})

t.test('the same order gets a fresh prepay_id, another one under its number does not', async (t) => {
  const { order, platforms } = await openShopV3(t)
  const [one, two] = [await order('again-0001'), await order('again-0001')]
  t.match(two.json, { prepay_id: /^wx/ })
  t.not(one.json.prepay_id, two.json.prepay_id)
  t.match(
    await order('again-0001', { amount: { currency: 'CNY', total: 1999 } }),
    { status: 200 },
    'another order of fields',
  )
  t.match(await order('again-0001', { amount: { total: 2000, currency: 'CNY' } }), {
    status: 400,
    json: { code: 'INVALID_REQUEST' },
  })
  const used = { status: 403, json: { code: 'OUT_TRADE_NO_USED' } }
  t.match(await order('again-0001', { description: 'coffee' }), used)
  t.match(await order('again-0001', {}, 'native'), used)
  await platforms.pay('again-0001')
  t.match(await order('again-0001'), { status: 400, json: { code: 'ORDERPAID' } })
})

t.test('an order is found by its numbers, before and after it is paid', async (t) => {
  const { order, query, call, platforms } = await openShopV3(t)
  await order('query-0001', { attach: 'x', scene_info: { device_id: 'till 7', payer_client_ip: '::1' } })
  const before = await query('query-0001')
  t.match(before.json, { trade_state: 'NOTPAY', amount: { total: 1999 }, attach: 'x' })
  t.notOk('transaction_id' in before.json || 'payer' in before.json)
  await platforms.pay('query-0001', { coupons: [99, 1] })
  const after = await query('query-0001')
  t.match(after.json, {
    appid: platforms.app.appId,
    mchid: platforms.merchant.mchId,
    transaction_id: /^\d{28}$/,
    trade_type: 'JSAPI',
    trade_state: 'SUCCESS',
    success_time: '2050-01-01T08:00:00+08:00',
    payer: { openid: platforms.openid('alice') },
    amount: { total: 1999, payer_total: 1899, currency: 'CNY', payer_currency: 'CNY' },
    scene_info: { device_id: 'till 7' },
    promotion_detail: [{ amount: 99 }, { amount: 1 }],
  })
  const byId = (id: unknown) => call('GET', `/v3/pay/transactions/id/${id}?mchid=${platforms.merchant.mchId}`)
  t.match((await byId(after.json.transaction_id)).json, { out_trade_no: 'query-0001' })
  t.match(await byId('4'.repeat(28)), { status: 404, json: { code: 'ORDER_NOT_EXIST' } })
  t.match(await byId('nonsense'), { status: 500, json: { code: 'INVALID_TRANSACTIONID' } })
})

t.test('closing answers nothing, once', async (t) => {
  const { order, query, call, platforms } = await openShopV3(t)
  const close = (number: string, mchid: unknown = platforms.merchant.mchId) =>
    call('POST', `/v3/pay/transactions/out-trade-no/${number}/close`, { mchid })
  const { json } = await order('close-0001')
  const closed = await close('close-0001')
  t.match(closed, { status: 204, text: '', signedBy: /^PUB_KEY_ID_/ })
  t.match((await query('close-0001')).json, { trade_state: 'CLOSED' })
  t.match(await close('close-0001'), { status: 400, json: { code: 'ORDER_CLOSED' } })
  t.match(await order('close-0001'), { status: 400, json: { code: 'ORDER_CLOSED' } })
  await t.rejects(platforms.pay(String(json.prepay_id)), /CLOSED/)
  t.match(await close('close-none'), { status: 404, json: { code: 'ORDER_NOT_EXIST' } })
  t.match(await close('close-0001', '1900000108'), { status: 400, json: { code: 'MCH_NOT_EXISTS' } })
  await order('close-0002')
  await platforms.pay('close-0002')
  t.match(await close('close-0002'), { status: 400, json: { code: 'ORDERPAID' } })
})

t.test('the phone pays for parameters that the merchant signed, in both shapes', async (t) => {
  const { order, orderInfo, appInfo, platforms } = await openShopV3(t)
  const mini = String((await order('phone-0001')).json.prepay_id)
  const { appId, ...withoutAppId } = orderInfo(mini)
  t.equal(appId, platforms.app.appId)
  t.match(await platforms.requestPayment(withoutAppId), {
    errMsg: 'requestPayment:ok',
    order: { platform: 'weixin-pay-v3', state: 'SUCCESS', totalFee: 1999, openid: platforms.openid('alice') },
  })
  const app = String((await order('phone-0002', {}, 'app')).json.prepay_id)
  t.match(await platforms.requestPayment(appInfo(app)), { order: { tradeType: 'APP', state: 'SUCCESS' } })
})

t.test('the phone refuses everything else, and nothing is paid', async (t) => {
  const { order, orderInfo, appInfo, platforms, query, clock } = await openShopV3(t)
  const prepayId = String((await order('phone-0003')).json.prepay_id)
  const good = orderInfo(prepayId)
  const appPrepay = String((await order('phone-0004', {}, 'app')).json.prepay_id)
  const forms: [Json, RegExp][] = [
    [{ ...good, paySign: Buffer.alloc(256).toString('base64') }, /签名失败/],
    [{ ...good, nonceStr: 'changed' }, /签名失败/],
    [{ ...good, signType: 'MD5' }, /签名失败/],
    [{ ...good, signType: undefined }, /should be String/],
    [{ ...good, timeStamp: Number(good.timeStamp) }, /should be String/],
    [orderInfo(prepayId, { appId: platforms.app.openAppId }), /appid/],
    [orderInfo(`${prepayId}0`), /no such order/],
    [{ ...good, package: prepayId }, /no such order/],
    [appInfo(appPrepay, { package: `prepay_id=${appPrepay}` }), /package/],
    [{ ...appInfo(appPrepay), sign: good.paySign }, /签名失败/],
    [appInfo(appPrepay, { partnerid: '1900000108' }), /商家/],
    [appInfo(prepayId), /appid/],
  ]
  for (const [info, reason] of forms)
    await t.rejects(platforms.requestPayment(info), { message: reason }, String(reason))
  const bob = platforms.openid('bob')
  await t.rejects(
    platforms.requestPayment(good, { openid: bob }),
    new RequestPaymentError('下单账号与支付账号不一致'),
  )
  t.match((await query('phone-0003')).json, { trade_state: 'NOTPAY' })
  await clock.advance(2 * 3_600_000)
  await t.rejects(platforms.requestPayment(orderInfo(prepayId)), /已过期/)
  const fresh = String((await order('phone-0003')).json.prepay_id)
  await platforms.requestPayment(orderInfo(fresh))
  await t.rejects(platforms.requestPayment(orderInfo(fresh)), /已支付/)
})

t.test('one set of books: what V2 made, V3 knows, pays back, and tells of', async (t) => {
  const { query, platforms, refund, lastNotice, merchant } = await openShopV3(t)
  const { mchId, key } = platforms.merchant
  const v2 = async (path: string, fields: Record<string, string>) => {
    const message = { appid: platforms.app.appId, mch_id: mchId, nonce_str: 'nonce', ...fields }
    const body = writeXml({ ...message, sign: signatureOf(message, 'MD5', key) })
    return readXml(await (await fetch(`${platforms.url}${path}`, { method: 'POST', body })).text())
  }
  const made = await v2('/pay/unifiedorder', {
    ...{ body: 'tea', out_trade_no: 'books-0001', total_fee: '1999', trade_type: 'NATIVE', product_id: '1' },
    ...{ spbill_create_ip: '127.0.0.1', notify_url: merchant.notifyUrl },
  })
  t.match(made, { result_code: 'SUCCESS' })
  t.match((await query('books-0001')).json, { trade_state: 'NOTPAY', amount: { total: 1999 } })
  await platforms.pay('books-0001')
  t.match(merchant.received.at(-1)?.body, /^<xml>/, 'a payment is told in the words of its order')
  t.match(await refund('books-0001', 'R1', 999), { status: 200 })
  await platforms.finishRefund('R1')
  t.match(lastNotice().resource, { out_refund_no: 'R1', refund_status: 'SUCCESS' })
  t.match(await v2('/pay/refundquery', { out_trade_no: 'books-0001' }), {
    refund_count: '1',
    refund_fee_0: '999',
    refund_status_0: 'SUCCESS',
  })
})
