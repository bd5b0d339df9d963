import type { Operation } from '../operation/index.js'

/** Made from the folders of `functions/` by `npm run generate`; do not edit. */
export const operations: Readonly<Record<string, () => Promise<Operation>>> = {
  'acode.getMiniCode': async () => (await import('../alipay/apis/acode.js')).getMiniCode,
  'analysis.getDailyRetain': async () => (await import('../weixin/apis/analysis.js')).getDailyRetain,
  'analysis.getDailySummary': async () => (await import('../weixin/apis/analysis.js')).getDailySummary,
  'analysis.getDailyVisitTrend': async () => (await import('../weixin/apis/analysis.js')).getDailyVisitTrend,
  'analysis.getMonthlyRetain': async () => (await import('../weixin/apis/analysis.js')).getMonthlyRetain,
  'analysis.getMonthlyVisitTrend': async () =>
    (await import('../weixin/apis/analysis.js')).getMonthlyVisitTrend,
  'analysis.getUserPortrait': async () => (await import('../weixin/apis/analysis.js')).getUserPortrait,
  'analysis.getVisitDistribution': async () =>
    (await import('../weixin/apis/analysis.js')).getVisitDistribution,
  'analysis.getVisitPage': async () => (await import('../weixin/apis/analysis.js')).getVisitPage,
  'analysis.getWeeklyRetain': async () => (await import('../weixin/apis/analysis.js')).getWeeklyRetain,
  'analysis.getWeeklyVisitTrend': async () =>
    (await import('../weixin/apis/analysis.js')).getWeeklyVisitTrend,
  'auth.code2Session': async () => (await import('../platform/login.js')).login,
  'auth.getAccessToken': async () => (await import('../weixin/apis/auth.js')).getAccessToken,
  'auth.getPaidUnionId': async () => (await import('../weixin/apis/auth.js')).getPaidUnionId,
  'customerServiceMessage.getTempMedia': async () =>
    (await import('../weixin/apis/customerServiceMessage.js')).getTempMedia,
  'customerServiceMessage.send': async () => (await import('../weixin/apis/customerServiceMessage.js')).send,
  'customerServiceMessage.setTyping': async () =>
    (await import('../weixin/apis/customerServiceMessage.js')).setTyping,
  'customerServiceMessage.uploadTempMedia': async () =>
    (await import('../weixin/apis/customerServiceMessage.js')).uploadTempMedia,
  'decrypt.getPhoneNumber': async () => (await import('../platform/apis.js')).getPhoneNumber,
  'h5.templateMessage.send': async () => (await import('../weixin/apis/h5.js')).templateMessageSend,
  'img.aiCrop': async () => (await import('../weixin/apis/img.js')).aiCrop,
  'img.scanQRCode': async () => (await import('../weixin/apis/img.js')).scanQRCode,
  'img.superresolution': async () => (await import('../weixin/apis/img.js')).superresolution,
  'livebroadcast.getLiveInfo': async () => (await import('../weixin/apis/livebroadcast.js')).getLiveInfo,
  'logistics.getAllDelivery': async () => (await import('../weixin/apis/logistics.js')).getAllDelivery,
  'logistics.queryFollowTrace': async () => (await import('../weixin/apis/logistics.js')).queryFollowTrace,
  'logistics.traceWaybill': async () => (await import('../weixin/apis/logistics.js')).traceWaybill,
  'logistics.updateFollowWaybillGoods': async () =>
    (await import('../weixin/apis/logistics.js')).updateFollowWaybillGoods,
  'order.getOrder': async () => (await import('../weixin/apis/order.js')).getOrder,
  'order.getOrderList': async () => (await import('../weixin/apis/order.js')).getOrderList,
  'order.isTradeManaged': async () => (await import('../weixin/apis/order.js')).isTradeManaged,
  'order.isTradeManagementConfirmationCompleted': async () =>
    (await import('../weixin/apis/order.js')).isTradeManagementConfirmationCompleted,
  'order.notifyConfirmReceive': async () => (await import('../weixin/apis/order.js')).notifyConfirmReceive,
  'order.opspecialorder': async () => (await import('../weixin/apis/order.js')).opspecialorder,
  'order.setMsgJumpPath': async () => (await import('../weixin/apis/order.js')).setMsgJumpPath,
  'order.uploadCombinedShippingInfo': async () =>
    (await import('../weixin/apis/order.js')).uploadCombinedShippingInfo,
  'order.uploadShippingInfo': async () => (await import('../weixin/apis/order.js')).uploadShippingInfo,
  'payment.cancelOrder': async () => (await import('../payment/operations/cancelOrder.js')).cancelOrder,
  'payment.closeOrder': async () => (await import('../payment/operations/closeOrder.js')).closeOrder,
  'payment.createOrder': async () => (await import('../payment/operations/createOrder.js')).createOrder,
  'payment.downloadBill': async () => (await import('../payment/operations/downloadBill.js')).downloadBill,
  'payment.downloadFundflow': async () =>
    (await import('../payment/operations/downloadFundflow.js')).downloadFundflow,
  'payment.eventList': async () => (await import('../payment/operations/records/eventList.js')).eventList,
  'payment.getOrderInfo': async () => (await import('../payment/operations/getOrderInfo.js')).getOrderInfo,
  'payment.noticeList': async () => (await import('../payment/operations/records/noticeList.js')).noticeList,
  'payment.orderHistory': async () =>
    (await import('../payment/operations/records/orderHistory.js')).orderHistory,
  'payment.orderList': async () => (await import('../payment/operations/records/orderList.js')).orderList,
  'payment.orderQuery': async () => (await import('../payment/operations/orderQuery.js')).orderQuery,
  'payment.refund': async () => (await import('../payment/operations/refund.js')).refund,
  'payment.refundQuery': async () => (await import('../payment/operations/refundQuery.js')).refundQuery,
  request: async () => (await import('../platform/apis.js')).request,
  'security.imgSecCheck': async () => (await import('../platform/apis.js')).imgSecCheck,
  'security.mediaCheckResult': async () => (await import('../message/mediaCheckResult.js')).mediaCheckResult,
  'security.msgSecCheck': async () => (await import('../platform/apis.js')).msgSecCheck,
  'subscribeMessage.send': async () => (await import('../platform/apis.js')).subscribeMessageSend,
  'uniformMessage.send': async () => (await import('../weixin/apis/uniformMessage.js')).send,
  'urllink.generate': async () => (await import('../weixin/apis/urllink.js')).generate,
  'urlscheme.generate': async () => (await import('../weixin/apis/urlscheme.js')).generate,
  'wxacode.createQRCode': async () => (await import('../weixin/apis/wxacode.js')).createQRCode,
  'wxacode.get': async () => (await import('../weixin/apis/wxacode.js')).get,
  'wxacode.getUnlimited': async () => (await import('../weixin/apis/wxacode.js')).getUnlimited,
}
