/** Made from the folders of `functions/` by `npm run generate`; do not edit. */
export const served = {
  acodeGetMiniCode: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../alipay/apis/acode.js')).getMiniCode,
  },
  analysisGetDailyRetain: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/analysis.js')).getDailyRetain,
  },
  analysisGetDailySummary: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/analysis.js')).getDailySummary,
  },
  analysisGetDailyVisitTrend: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/analysis.js')).getDailyVisitTrend,
  },
  analysisGetMonthlyRetain: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/analysis.js')).getMonthlyRetain,
  },
  analysisGetMonthlyVisitTrend: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/analysis.js')).getMonthlyVisitTrend,
  },
  analysisGetUserPortrait: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/analysis.js')).getUserPortrait,
  },
  analysisGetVisitDistribution: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/analysis.js')).getVisitDistribution,
  },
  analysisGetVisitPage: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/analysis.js')).getVisitPage,
  },
  analysisGetWeeklyRetain: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/analysis.js')).getWeeklyRetain,
  },
  analysisGetWeeklyVisitTrend: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/analysis.js')).getWeeklyVisitTrend,
  },
  authCode2Session: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../platform/login.js')).login,
  },
  authGetAccessToken: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/auth.js')).getAccessToken,
  },
  authGetPaidUnionId: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../weixin/apis/auth.js')).getPaidUnionId,
  },
  billReconcile: {
    door: 'timer',
    timeout: 60,
    every: '1d',
    at: '10:30',
    load: async () => (await import('../payment/reconcile/billReconcile.js')).billReconcile,
  },
  cancelOrder: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../payment/operations/cancelOrder.js')).cancelOrder,
  },
  certificateRefresh: {
    door: 'timer',
    timeout: 60,
    every: '12h',
    load: async () => (await import('../payment/operations/certificateRefresh.js')).certificateRefresh,
  },
  closeOrder: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../payment/operations/closeOrder.js')).closeOrder,
  },
  createOrder: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../payment/operations/createOrder.js')).createOrder,
  },
  customerServiceMessageGetTempMedia: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/customerServiceMessage.js')).getTempMedia,
  },
  customerServiceMessageSend: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/customerServiceMessage.js')).send,
  },
  customerServiceMessageSetTyping: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/customerServiceMessage.js')).setTyping,
  },
  customerServiceMessageUploadTempMedia: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/customerServiceMessage.js')).uploadTempMedia,
  },
  decryptGetPhoneNumber: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../platform/apis.js')).getPhoneNumber,
  },
  downloadBill: {
    door: 'server',
    timeout: 60,
    load: async () => (await import('../payment/operations/downloadBill.js')).downloadBill,
  },
  downloadFundflow: {
    door: 'server',
    timeout: 60,
    load: async () => (await import('../payment/operations/downloadFundflow.js')).downloadFundflow,
  },
  eventDispatch: {
    door: 'timer',
    timeout: 60,
    every: '1m',
    load: async () => (await import('../payment/operations/eventDispatch.js')).eventDispatch,
  },
  eventList: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../payment/operations/records/eventList.js')).eventList,
  },
  getOrderInfo: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../payment/operations/getOrderInfo.js')).getOrderInfo,
  },
  h5TemplateMessageSend: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/h5.js')).templateMessageSend,
  },
  imgAiCrop: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../weixin/apis/img.js')).aiCrop,
  },
  imgScanQRCode: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../weixin/apis/img.js')).scanQRCode,
  },
  imgSuperresolution: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../weixin/apis/img.js')).superresolution,
  },
  livebroadcastGetLiveInfo: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../weixin/apis/livebroadcast.js')).getLiveInfo,
  },
  logisticsGetAllDelivery: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/logistics.js')).getAllDelivery,
  },
  logisticsQueryFollowTrace: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/logistics.js')).queryFollowTrace,
  },
  logisticsTraceWaybill: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/logistics.js')).traceWaybill,
  },
  logisticsUpdateFollowWaybillGoods: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/logistics.js')).updateFollowWaybillGoods,
  },
  messageNotify: {
    door: 'callback',
    timeout: 5,
    load: async () => (await import('../message/messageNotify.js')).messageNotify,
  },
  noticeList: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../payment/operations/records/noticeList.js')).noticeList,
  },
  openapiRequest: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../platform/apis.js')).request,
  },
  orderGetOrder: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/order.js')).getOrder,
  },
  orderGetOrderList: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/order.js')).getOrderList,
  },
  orderHistory: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../payment/operations/records/orderHistory.js')).orderHistory,
  },
  orderIsTradeManaged: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/order.js')).isTradeManaged,
  },
  orderIsTradeManagementConfirmationCompleted: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/order.js')).isTradeManagementConfirmationCompleted,
  },
  orderList: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../payment/operations/records/orderList.js')).orderList,
  },
  orderNotifyConfirmReceive: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/order.js')).notifyConfirmReceive,
  },
  orderOpspecialorder: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/order.js')).opspecialorder,
  },
  orderQuery: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../payment/operations/orderQuery.js')).orderQuery,
  },
  orderSetMsgJumpPath: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/order.js')).setMsgJumpPath,
  },
  orderUploadCombinedShippingInfo: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/order.js')).uploadCombinedShippingInfo,
  },
  orderUploadShippingInfo: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/order.js')).uploadShippingInfo,
  },
  refund: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../payment/operations/refund.js')).refund,
  },
  refundQuery: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../payment/operations/refundQuery.js')).refundQuery,
  },
  securityImgSecCheck: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../platform/apis.js')).imgSecCheck,
  },
  securityMediaCheckResult: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../message/mediaCheckResult.js')).mediaCheckResult,
  },
  securityMsgSecCheck: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../platform/apis.js')).msgSecCheck,
  },
  subscribeMessageSend: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../platform/apis.js')).subscribeMessageSend,
  },
  tokenGet: {
    door: 'callback',
    timeout: 20,
    load: async () => (await import('../weixin/token/tokenGet.js')).tokenGet,
  },
  tokenRefresh: {
    door: 'timer',
    timeout: 60,
    every: '5m',
    load: async () => (await import('../weixin/token/refreshTokens.js')).refreshTokens,
  },
  uniformMessageSend: {
    door: 'server',
    timeout: 20,
    load: async () => (await import('../weixin/apis/uniformMessage.js')).send,
  },
  urllinkGenerate: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../weixin/apis/urllink.js')).generate,
  },
  urlschemeGenerate: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../weixin/apis/urlscheme.js')).generate,
  },
  verifyPaymentNotify: {
    door: 'callback',
    timeout: 5,
    load: async () => (await import('../payment/operations/verifyNotify.js')).verifyPaymentNotify,
  },
  verifyRefundNotify: {
    door: 'callback',
    timeout: 5,
    load: async () => (await import('../payment/operations/verifyNotify.js')).verifyRefundNotify,
  },
  wxacodeCreateQRCode: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../weixin/apis/wxacode.js')).createQRCode,
  },
  wxacodeGet: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../weixin/apis/wxacode.js')).get,
  },
  wxacodeGetUnlimited: {
    door: 'client',
    timeout: 20,
    load: async () => (await import('../weixin/apis/wxacode.js')).getUnlimited,
  },
} as const
