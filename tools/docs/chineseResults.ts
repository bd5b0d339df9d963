/** What the page says of results, in Chinese by the English text. */
export const chineseResults: Readonly<Record<string, string>> = {
  'Empty for merchants that have the WeChat Pay public key only.': '只有微信支付公钥的商户为空。',
  'Milliseconds since the epoch; the last certificate ends then.': '毫秒时间戳，最后一张证书的到期时间。',
  'Fen.': '单位分。',
  'Lets whoever holds it pay this one order; given when no `openid` was named.':
    '持有者可支付这一笔订单；未指定 `openid` 时返回。',
  'All files, where the provider packs several together.': '支付平台打包了多个文件时，为全部文件。',
  'Refund notices without a signature that the provider confirmed or denied when asked.':
    '没有签名、经询问由支付平台确认或否认的退款通知数。',
  'For which client it is: the one that was named, else that of the login.':
    '用于哪种客户端：调用时指明的，否则为登录所在的。',
  "`mp-weixin`: goes as it is into `wx.requestPayment` and `Taro.requestPayment`, and beside `provider: 'wxpay'` into `uni.requestPayment`":
    "`mp-weixin`：原样传给 `wx.requestPayment` 与 `Taro.requestPayment`；`uni.requestPayment` 需同时传 `provider: 'wxpay'`",
  '`mp-alipay`: the trade number, `orderInfo` of `uni.requestPayment` and `tradeNO` of `my.tradePay`':
    '`mp-alipay`：支付宝交易号，即 `uni.requestPayment` 的 `orderInfo`、`my.tradePay` 的 `tradeNO`',
  "`app`: goes into `uni.requestPayment` as `orderInfo`, or field by field into WeChat's SDK":
    '`app`：作为 `uni.requestPayment` 的 `orderInfo`，或逐个字段传给微信 SDK',
  'or, of Alipay, the signed order, `orderInfo` of `uni.requestPayment` and what its SDK takes':
    '支付宝则为已签名的订单串，即 `uni.requestPayment` 的 `orderInfo`，也是其 SDK 的参数',
  '`h5`: an address to go to': '`h5`：要跳转的地址',
  'assigned to `location.href`, it opens WeChat': '赋给 `location.href`，随即打开微信',
  '`native`: a code to show': '`native`：要展示的二维码',
  'the text of a QR code, which the payer scans': '二维码的内容，由付款人扫描',
  'RSA with WeChat Pay V3.': '微信支付 V3 为 RSA。',
  'QR codes and DataMatrix only.': '仅二维码和 DataMatrix。',
  '`status`: 0 not collected, 1 collected, 2 under way, 3 being delivered, 4 signed, 5 disturbed, 6 signed by another.':
    '`status`：0 未揽收，1 已揽收，2 运输中，3 派送中，4 已签收，5 异常，6 代签收。',
  'WeChat only.': '仅微信。',
  'WeChat only, as are the next two.': '仅微信，后两项同。',
  'WeChat Pay only: an order may have several.': '仅微信支付：一笔订单可有多笔。',
  'Alipay only.': '仅支付宝。',
  'Alipay, by `queryOptions`: how it was paid.': '支付宝，由 `queryOptions` 要求：用哪些渠道支付。',
  'Alipay, by `queryOptions`: where it went.': '支付宝，由 `queryOptions` 要求：退到哪些渠道。',
  'Fen, as is the next.': '单位分，后一项同。',
  'Fen: what really went back to the payer.': '单位分：实际退给付款人的金额。',
  'Of a refund to a bank card.': '退到银行卡的退款。',
  'S: the bank has it. F: it came back. P: under way.': 'S：银行已收到；F：已退回；P：处理中。',
  'Present once money moved, as is `totalFee`.': '资金变动后才有，`totalFee` 同。',
  'ISO 4217.': 'ISO 4217 币种代码。',
  '`yyyyMMddHHmmss` in Beijing.': '北京时间 `yyyyMMddHHmmss`。',
  '`yyyy-MM-dd HH:mm:ss` in Beijing.': '北京时间 `yyyy-MM-dd HH:mm:ss`。',
  'All that was given back so far. Only Alipay states it; its CLOSED, of an order that was paid, gave back the whole.':
    '已退总额，仅支付宝给出；其 CLOSED 订单如曾支付，则已全额退回。',
  'The provider does not say what became of it: only the same number may be refunded again.':
    '支付平台未说明结果：只能用同一退款单号再次申请。',
  'All that was refunded of the payment so far, this refund included. Only Alipay states it.':
    '该笔支付累计已退金额，含本次。仅支付宝给出。',
  'Misspelt by WeChat, and so by the documents.': '微信的拼写如此，文档沿用。',
  'Fen, of the order.': '订单金额，单位分。',
  "Fen: of all refunds listed that are not closed, or of Alipay's one.":
    '单位分：所列未关闭退款的合计；支付宝为该笔退款。',
  'How many there are in all, where the list is a part of them.': '列表只是一部分时，为总笔数。',
  '`waiting`: no verdict came yet. `failed`: WeChat could not look at it, and `problem` is the reason: ask again.':
    '`waiting`：尚无结论。`failed`：微信无法检测，原因见 `problem`，请重新提交。',
  '100 nothing, 20001 politics, 20002 porn, 20006 crime, 21000 other.':
    '100 正常，20001 时政，20002 色情，20006 违法犯罪，21000 其他。',
  '`label`: 100 nothing, 10001 advertising, 20001 politics, 20002 porn, 20003 abuse, 20006 crime, 20008 fraud.':
    '`label`：100 正常，10001 广告，20001 时政，20002 色情，20003 辱骂，20006 违法犯罪，20008 欺诈。',
  'False where enough of its life was left.': '剩余有效期足够时为 false。',
  'Seconds for which the token is still valid.': 'token 剩余有效秒数。',
  'Orders about which a provider was asked.': '向支付平台查询过的订单数。',
  'Of those, how many have another state than before, or a refund that has.':
    '其中状态有变化的订单数，含退款状态有变化的。',
  "For `npm run replay`, and the `evidence` of an order's history.":
    '供 `npm run replay` 使用，也是订单变更记录中的 `evidence`。',
  'Absent of refused ones, as are the next six where they are not known.':
    '被拒绝的通知没有此项；后六项未知时亦无。',
  'When the provider will be asked whether it is true.': '将向支付平台核实的时间。',
  'Why it was refused.': '拒绝原因。',
  'Where the next page begins; absent on the last one.': '下一页的起点，最后一页没有。',
  'Milliseconds since the epoch.': '毫秒时间戳。',
  'Null for the making of the order.': '创建订单时为 null。',
  'What caused it: an operation, `notice`, `query`, `bill` or `expiry`.':
    '变更的起因：某个操作，或 `notice`、`query`、`bill`、`expiry`。',
  'The id of the kept message that caused it, which `noticeList` shows; absent where no message did.':
    '引起变更的通知记录的 id，可用 `noticeList` 查看；不由通知引起时没有。',
  'The message had been applied before, and the order did not show it any more: it was older than its records.':
    '该通知此前已生效而订单上已无体现（订单比记录旧），此次为修复。',
  'When the provider was first known to have it.': '首次得知支付平台已受理的时间。',
  'When the provider was asked last.': '上次向支付平台查询的时间。',
  'When it will be asked next; absent where nothing is left to ask.': '下次查询的时间；无需再查时没有。',
  "The merchant's id, or for Alipay the application's.": '商户号；支付宝为应用的 appid。',
  'Who may pay it; absent when it was made with a pay token.': '可以支付的用户；以 payToken 创建时没有。',
  'Present once it was paid, as are the next three where the provider says them.':
    '支付后才有；后三项在支付平台给出时才有。',
  'Sum of the refunds that succeeded; absent when there is none.': '已成功退款的合计；没有退款时没有。',
  'What the receiver gets as `webhook-id`.': '接收方得到的 `webhook-id`。',
  'Absent where it is about no order.': '与订单无关时没有。',
  'How often its delivery was tried.': '已尝试投递的次数。',
  'When the next attempt is due; absent once it is delivered or dead.':
    '下次投递的时间；已投递或已放弃后没有。',
  'When it was delivered or given up.': '投递成功或放弃的时间。',
  'What the last attempt that failed came to.': '最近一次失败的原因。',
  'What the receiver gets as `data`.': '接收方得到的 `data`。',
  'Where the next page begins; absent on the last one. A page may be short, or empty, and not be the last.':
    '下一页的起点，最后一页没有。不满或为空的页不一定是最后一页。',
}
