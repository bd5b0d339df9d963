import t from 'tap'
import { rememberedCertificates } from '../../../shared/certificates/source.js'
import type { HttpCall } from '../../../shared/operation/index.js'
import type { NoticeReading } from '../../../shared/payment/provider.js'
import { weixinV3 } from '../../../shared/payment/weixin-v3/index.js'
import { noticeBody, noticeCall, refundResource } from './messages.js'
import { merchantAt, NOW, testClock, testDependencies } from './platform.js'

/** What V3's notices say; test/payment/attacks has what is no notice. */

const UNREACHABLE = 'http://127.0.0.1:1'

const read = (call: HttpCall): Promise<NoticeReading> =>
  weixinV3(merchantAt(UNREACHABLE), testDependencies(testClock(NOW)), rememberedCertificates()).readNotice(
    call,
  )

t.test('a payment notice is read in the names of the reference document', async (t) => {
  t.strictSame(await read(noticeCall(noticeBody('payment'))), {
    authentic: true,
    notice: {
      payment: {
        appId: 'wx0123456789abcdef',
        mchId: '1900007291',
        outTradeNo: 'order20260131',
        tradeState: 'SUCCESS',
        tradeStateDesc: '支付成功',
        tradeType: 'JSAPI',
        transactionId: '4200000985202601310000000001',
        totalFee: 1999,
        feeType: 'CNY',
        cashFee: 1499,
        cashFeeType: 'CNY',
        couponFee: 500,
        couponCount: 1,
        couponList: [{ couponId: '109519', couponType: 'NO_CASH', couponFee: 500 }],
        openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
        bankType: 'CMC',
        timeEnd: '20260131115958',
      },
    },
  })
})

t.test('a refund notice is read in the words of the reference document', async (t) => {
  const facts = {
    outTradeNo: 'order20260131',
    transactionId: '4200000985202601310000000001',
    outRefundNo: 'refund1',
    refundId: '50000000382019052709732678859',
    totalFee: 1999,
    refundFee: 500,
    cashRefundFee: 500,
    refundRecvAccout: '招商银行信用卡0403',
    successTime: '2026-01-31 12:00:00',
  }
  const words = [
    ['SUCCESS', 'SUCCEEDED', 'SUCCESS'],
    ['CLOSED', 'CLOSED', 'REFUNDCLOSE'],
    ['ABNORMAL', 'ABNORMAL', 'CHANGE'],
  ]
  for (const [theirs, state, refundStatus] of words) {
    const content = { ...refundResource, refund_status: theirs }
    t.strictSame(await read(noticeCall(noticeBody('refund', { content, event: `REFUND.${theirs}` }))), {
      authentic: true,
      notice: { refund: { state, refundStatus, ...facts } },
    })
  }
})

t.test('the wrong nonce size is refused even when the cipher itself would open it', async (t) => {
  const call = noticeCall(noticeBody('payment', { nonce: '0123456789abcdef' }))
  t.match(await read(call), { authentic: false, reason: 'not decryptable' })
})
