import t from 'tap'
import { RequestPaymentError } from '../../../../tools/emulator/platforms/index.js'
import { signatureOf } from '../../../../tools/emulator/platforms/weixin-pay-v2/message.js'
import { openShop } from './merchant.js'

t.test('the phone pays for parameters that are signed as they must be', async (t) => {
  const { order, orderInfo, platforms } = await openShop(t)
  for (const signType of ['MD5', 'HMAC-SHA256'] as const) {
    const { prepay_id: prepayId = '' } = await order(`phone-${signType}`, {}, signType)
    const { appId, ...withoutAppId } = orderInfo(prepayId, {}, signType)
    const paid = await platforms.requestPayment(withoutAppId, { openid: platforms.openid('alice') })
    t.match(paid, { errMsg: 'requestPayment:ok', order: { state: 'SUCCESS', totalFee: 1999 } })
  }
})

t.test('the phone refuses everything else, and nothing is paid', async (t) => {
  const { order, orderInfo, platforms, query } = await openShop(t)
  const { prepay_id: prepayId = '' } = await order('phone-000001')
  const good = orderInfo(prepayId)
  for (const [info, reason] of [
    [{ ...good, paySign: '0'.repeat(32) }, /签名失败/],
    [{ ...good, nonceStr: 'changed' }, /签名失败/],
    [orderInfo(prepayId, {}, 'HMAC-SHA256'), /签名失败/],
    [{ ...good, timeStamp: Number(good.timeStamp) }, /timeStamp should be String/],
    [orderInfo(prepayId, { timeStamp: String(Number(good.timeStamp) * 1000) }), /timeStamp/],
    [orderInfo(prepayId, { appId: platforms.app.openAppId }), /appid/],
    [{ ...good, paySign: '' }, /paySign/],
    [orderInfo(`${prepayId}0`), /no such order/],
  ] as const) {
    await t.rejects(platforms.requestPayment(info), { message: reason }, String(reason))
  }
  const bob = platforms.openid('bob')
  await t.rejects(
    platforms.requestPayment(good, { openid: bob }),
    new RequestPaymentError('下单账号与支付账号不一致'),
  )
  t.match(await query('phone-000001'), { trade_state: 'NOTPAY' })
  await platforms.requestPayment(good)
  await t.rejects(platforms.requestPayment(good), /已支付/)
})

t.test('an app pays under the names and the algorithm of its order', async (t) => {
  const { order, platforms } = await openShop(t)
  const { openAppId: appid } = platforms.app
  const { mchId: partnerid, key } = platforms.merchant
  const app = { appid, trade_type: 'APP', openid: undefined }
  const { prepay_id: prepayid = '' } = await order('phone-000002', app, 'HMAC-SHA256')
  const info = { appid, partnerid, prepayid, package: 'Sign=WXPay', noncestr: 'n', timestamp: '2524608000' }
  const md5 = { ...info, sign: signatureOf(info, 'MD5', key) }
  await t.rejects(platforms.requestPayment(md5), /签名失败/)
  const other = { ...info, partnerid: '1900000108' }
  await t.rejects(
    platforms.requestPayment({ ...other, sign: signatureOf(other, 'HMAC-SHA256', key) }),
    /商家/,
  )
  const paid = await platforms.requestPayment({ ...info, sign: signatureOf(info, 'HMAC-SHA256', key) })
  t.match(paid.order, { tradeType: 'APP', state: 'SUCCESS', openid: /^o/ })
})
