import { chineseResults } from './chineseResults.js'
import type { Language } from './words.js'

/**
 * A description in the language of the page. What the declarations say is one or several of the texts below, or a list
 * of the words a field takes, which are the same in every language.
 */
export function inLanguage(description: string, language: Language): string {
  if (language === 'en' || description === '') return description
  const [, said = '', words = ''] = /^(.*?) ?((?:`[^`]*`(?:[,;] )?)*)$/s.exec(description) ?? []
  const known = said.replace(/;$/, '')
  const text = chinese[known] ?? known.split('; ').map(translated).join('；')
  return [text, words].filter(Boolean).join(' ')
}

/** What nobody has translated yet, the page shows as it is, and a test finds. */
const translated = (text: string): string => chinese[text] ?? text

/** By the English text: what is said of parameters, and of results. */
export const chinese: Readonly<Record<string, string>> = {
  'a page path without leading / and without query, such as pages/index/index':
    '页面路径，不以 / 开头，不带参数，如 pages/index/index',
  'what the page reads, such as a=1&b=2': '页面读取的参数，如 a=1&b=2',
  'what the code is for, at most 32 characters': '码的用途说明，最多 32 个字符',
  'a colour such as 0x00BFFF': '颜色，如 0x00BFFF',
  'a day as yyyyMMdd, such as 20260131': '日期 yyyyMMdd，如 20260131',
  'Differences that a person has to look at.': '需要人工处理的差异数。',
  'How many of each kind, the resolved ones among them.': '各类差异的数目，含已自动解决的。',
  'Sums that the bills state otherwise than their rows add up to.': '账单自报合计与各行之和不符的项。',
  'Whether the fund-flow bill was compared too; `unavailable`: it could not be had, for a missing certificate say.':
    '资金账单是否也已核对；`unavailable`：未能取得，例如缺少证书。',
  'Merchants whose bill could not be had, and why.': '未能取得账单的商户及原因。',
  'an existing day as yyyymmdd, such as 20260131': '真实存在的日期 yyyymmdd，如 20260131',
  'the code from uni.login, used once within five minutes': 'uni.login 得到的 code，五分钟内用一次',
  'the platform; by default that of the application, of the login or of the client':
    '平台；默认依次取应用、登录态、客户端所在的平台',
  "a user's openid, such as oUpF8uMuAJO_M2pxb1Q9zNjWeS6o": '用户的 openid，如 oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  "WeChat Pay's own number of the order, usually 4200...": '微信支付订单号，通常以 4200 开头',
  'the number of a merchant, such as 1900000109': '商户号，如 1900000109',
  "the merchant's own number of the order: letters, digits and _ - *": '商户订单号：字母、数字和 _ - *',
  'your own order number, 6 to 32 letters, digits or underscores': '商户订单号，6 到 32 位字母、数字或下划线',
  "the provider's number of the payment": '支付平台的交易号',
  "the merchant's id, or for Alipay the application's": '商户号；支付宝为应用的 appid',
  'a whole number of fen, such as 100 for one yuan': '整数，单位分，100 即 1 元',
  'what the payer sees, at most 128 characters': '付款人看到的商品描述，最多 128 个字符',
  'the openid that authCode2Session answered': 'authCode2Session 返回的 openid',
  'at most 127 characters of your own data': '商户自定义数据，最多 127 个字符',
  'the application the openid belongs to': 'openid 所属的应用',
  'after how many minutes an unpaid order dies, 1 to 10080': '多少分钟未支付即失效，1 到 10080',
  'the mediaId that uploadTempMedia answered': 'uploadTempMedia 返回的 mediaId',
  'the text of the message': '消息文字',
  'a title': '标题',
  'a description': '描述',
  'an http or https address': 'http 或 https 地址',
  'an appid, such as wx0123456789abcdef': '应用的 appid，如 wx0123456789abcdef',
  'a page path with its query, such as pages/index/index?id=1, at most 1024 characters':
    '页面路径，可带参数，如 pages/index/index?id=1，最多 1024 个字符',
  'a page path with its query, such as pages/index/index?id=1':
    '页面路径，可带参数，如 pages/index/index?id=1',
  'a page path with its query, such as pages/index/index?id=1, at most 128 bytes':
    '页面路径，可带参数，如 pages/index/index?id=1，最多 128 字节',
  'the content in the words of WeChat': '消息内容，字段用微信原名',
  'a customer service account': '客服账号',
  '1 marks what an AI wrote': '1 表示由 AI 生成',
  'the id of a sub merchant': '子商户号',
  'a MIME type, such as image/png': 'MIME 类型，如 image/png',
  'bytes, or their base64, from 1 to 10485760 bytes': '字节或其 base64，1 到 10485760 字节',
  'bytes, or their base64, from 1 to 2097151 bytes': '字节或其 base64，1 到 2097151 字节',
  'bytes, or their base64, from 1 to 1048576 bytes': '字节或其 base64，1 到 1048576 字节',
  'the code of the getPhoneNumber button, used once within five minutes':
    'getPhoneNumber 按钮返回的 code，五分钟内用一次',
  'the encryptedData of the getPhoneNumber button': 'getPhoneNumber 按钮返回的 encryptedData',
  'the iv of the getPhoneNumber button': 'getPhoneNumber 按钮返回的 iv',
  'the sessionKey that auth.code2Session answered': 'auth.code2Session 返回的 sessionKey',
  'the response that my.getPhoneNumber gave, as it is': 'my.getPhoneNumber 返回的 response，原样传入',
  'the sign inside that response, where it was taken apart': '若已拆开 response，则为其中的 sign',
  'a day as yyyyMMdd, such as 20260131, or a month of Alipay as yyyyMM':
    '日期 yyyyMMdd，如 20260131；支付宝也可用月份 yyyyMM',
  "one of the provider's own words": '支付平台规定的取值之一',
  'the payToken that createOrder answered': 'createOrder 返回的 payToken',
  'an absolute URL without a query string': '完整 URL，不带参数',
  'the id of a template': '模板 id',
  'an object such as { "thing1": { "value": "text" } }': '对象，如 { "thing1": { "value": "text" } }',
  'an id of your own of at most 32 characters, refused when repeated':
    '自定义 id，最多 32 个字符，重复时会被拒绝',
  'the MIME type of a picture, such as image/png': '图片的 MIME 类型，如 image/png',
  'one to five ratios of width to height, such as 1,2.35': '一到五个宽高比，如 1,2.35',
  'the place of the first one, counted from 0': '起始位置，从 0 开始',
  'a whole number from 1 to 100': '1 到 100 的整数',
  'a whole number from 1 to 10000': '1 到 10000 的整数',
  'a whole number from 0 to 255': '0 到 255 的整数',
  'true for messages that were refused': 'true 表示查看被拒绝的通知',
  'a time in milliseconds since 1970, at or after which it was': '毫秒时间戳，不早于此时',
  'a time in milliseconds since 1970, before which it was': '毫秒时间戳，早于此时',
  'the cursor that the page before answered': '上一页返回的 cursor',
  'how many at most, 1 to 100': '最多几条，1 到 100',
  '20 unless said otherwise': '默认 20',
  digits: '数字',
  'the number of a room': '直播间号',
  'the waybillToken that traceWaybill answered': 'traceWaybill 返回的 waybillToken',
  'a phone number': '手机号',
  'the number of a waybill': '运单号',
  'the name of the goods, at most 60 characters': '商品名称，最多 60 个字符',
  'the address of a picture of the goods': '商品图片地址',
  'a description of at most 40 characters': '描述，最多 40 个字符',
  'the id of a delivery company': '快递公司编码',
  'the id of a delivery company, such as SF': '快递公司编码，如 SF',
  'the dotted name of an operation, such as wxacode.get': '接口名，如 wxacode.get',
  'an object, what the function of that operation would be given': '对象，即该接口对应云函数的参数',
  'the name of an Alipay method, such as alipay.open.app.qrcode.create':
    '支付宝接口名，如 alipay.open.app.qrcode.create',
  'a path of the API, such as /wxa/generate_urllink, and nothing else':
    '接口路径，如 /wxa/generate_urllink，不带其他内容',
  'an object in the words of WeChat': '对象，字段用微信原名',
  'an object such as { biz_content: { ... } } in the words of Alipay':
    '对象，如 { biz_content: { ... } }，字段用支付宝原名',
  'a time in whole seconds since 1970': '秒级时间戳',
  '1 to ship, 2 shipped, 3 received, 4 done, 5 refunded, 6 waiting for settlement':
    '1 待发货，2 已发货，3 确认收货，4 交易完成，5 已退款，6 资金待结算',
  'the lastIndex of the page before': '上一页返回的 lastIndex',
  "WeChat Pay's or the merchant's number of the order": '微信支付订单号或商户订单号',
  '1 ships late, 2 was a test': '1 预售，2 测试订单',
  '1 by mchid and outTradeNo, 2 by transactionId': '1 用 mchid 和 outTradeNo，2 用 transactionId',
  '1 express, 2 within the city, 3 nothing to carry, 4 picked up':
    '1 快递，2 同城配送，3 虚拟商品，4 用户自提',
  '1 in one parcel, 2 split': '1 统一发货，2 分拆发货',
  'true for the last parcel of a split order': '分拆发货的最后一个包裹为 true',
  'a tracking number of at most 128 bytes': '快递单号，最多 128 字节',
  'what is in the parcel, at most 120 characters': '商品信息，最多 120 个字符',
  'a phone number of which only the last four digits are clear': '仅后四位为明文的手机号',
  'a time of RFC 3339, such as 2026-01-31T13:29:35.120+08:00':
    'RFC 3339 时间，如 2026-01-31T13:29:35.120+08:00',
  'the openid of who paid': '付款人的 openid',
  'your own number of the refund, at most 64 letters, digits or underscores':
    '商户退款单号，最多 64 位字母、数字或下划线',
  'how much is given back, a whole number of fen': '退款金额，整数，单位分',
  'a currency such as CNY': '币种，如 CNY',
  'WeChat Pay': '微信支付',
  'WeChat Pay V2': '微信支付 V2',
  'WeChat Pay packs the file': '微信支付压缩文件',
  'it is unpacked here': '此处会解压',
  Alipay: '支付宝',
  "the payer's IP address": '付款人的 IP 地址',
  'when an unpaid order dies, yyyyMMddHHmmss in Beijing': '未支付订单的失效时间，北京时间 yyyyMMddHHmmss',
  "WeChat Pay's word for clientType": '微信支付的交易类型，可代替 clientType',
  'true freezes the money until it is shared': 'true 表示冻结资金，待分账',
  'how nobody may pay: no_credit, with V3 also a list of no_credit, no_debit, no_balance, balance_only':
    '不得使用的支付方式：no_credit；V3 还可以是 no_credit、no_debit、no_balance、balance_only 的列表',
  'the tag of a coupon, at most 32 characters': '优惠标记，最多 32 个字符',
  'the shop or device, at most 32 characters': '门店或设备号，最多 32 个字符',
  'true offers an invoice': 'true 表示提供电子发票入口',
  'the goods, prices in fen: { goodsDetail: [{ goodsId, goodsName, quantity, price }] }, or the JSON text that V2 takes':
    '单品信息，价格单位分：{ goodsDetail: [{ goodsId, goodsName, quantity, price }] }，或 V2 的 JSON 文本',
  'where it is sold: { storeInfo: { id, name, areaCode, address } }, or the JSON text of it':
    '销售场景：{ storeInfo: { id, name, areaCode, address } }，或其 JSON 文本',
  'the number of the product, at most 32 characters': '商品 id，最多 32 个字符',
  'when the order began, yyyyMMddHHmmss in Beijing': '交易起始时间，北京时间 yyyyMMddHHmmss',
  'after how long an unpaid order dies: 1m to 15d in m, h or d, or 1c for the end of the day':
    '多久未支付即失效：1m 到 15d，单位 m、h、d；1c 为当天结束',
  'what attach is elsewhere, percent-encoded or not': '即微信支付的 attach，是否百分号编码均可',
  'instalments, service providers and the like, texts by name': '分期、服务商等业务扩展参数，均为文本',
  'the id of the service provider, 2088...': '服务商 pid，2088 开头',
  'how many instalments: 3, 6 or 12': '分期期数：3、6 或 12',
  'who pays their fee: 0 the payer, 100 the seller': '手续费由谁承担：0 付款人，100 商家',
  'the kind of card': '卡类型',
  "data of one's trade, JSON text": '行业数据回流信息，JSON 文本',
  "the seller's name in the bill": '账单中的商家名称',
  'the goods': '商品列表',
  'your own number of the goods, at most 64 characters': '商家的商品编号，最多 64 个字符',
  "WeChat Pay's number of the goods": '微信支付的商品编号',
  'the name of the goods': '商品名称',
  'how many': '数量',
  "a whole number of fen, or yuan as a text such as '19.99'": "整数为分；文本为元，如 '19.99'",
  "Alipay's number of the goods": '支付宝的商品编号',
  'the category of the goods': '商品类目',
  'the path of categories, such as 124868003|126232002': '类目树，如 124868003|126232002',
  'what the goods are': '商品描述',
  'where the goods are shown': '商品展示地址',
  'the bar code': '商品条码',
  'your own number of the item': '商家的 item 编号',
  'your own number of the variant': '商家的 sku 编号',
  'your own number of the shop, at most 32 characters': '商家的门店编号，最多 32 个字符',
  'which further fields to answer, by its own names': '要求额外返回的字段，用支付宝原名',
  "further fields of the request in the provider's own names, sent as they are":
    '请求的其他字段，用支付平台原名，原样发送',
  'why, as the payer sees it, at most 80 characters (256 for Alipay)':
    '退款原因，付款人可见，最多 80 个字符（支付宝 256）',
  "the provider's number of the refund": '支付平台的退款单号',
  'how many refunds to pass over, from 0 to 1000': '跳过多少笔退款，0 到 1000',
  '1 sound, 2 picture': '1 音频，2 图片',
  '1 profile, 2 comment, 3 forum, 4 social log': '1 资料，2 评论，3 论坛，4 社交日志',
  'the traceId that securityImgSecCheck answered': 'securityImgSecCheck 返回的 traceId',
  'a text of at most 2500 characters': '文本，最多 2500 个字符',
  'a text of at most 500 KB': '文本，最多 500 KB',
  'a nickname': '昵称',
  'a personal signature': '个性签名',
  'the openid that auth.code2Session answered': 'auth.code2Session 返回的 openid',
  'the id of a subscription template': '订阅消息模板 id',
  'a published page without query, or nothing for the home page': '已发布的页面，不带参数；为空则为首页',
  "a query of at most 1024 characters of A-Z a-z 0-9 !#$&'()*+,/:;=?@-._~%":
    "参数，最多 1024 个字符，限 A-Z a-z 0-9 !#$&'()*+,/:;=?@-._~%",
  'true for a link that ends': '会失效的链接为 true',
  '0 ends at expireTime, 1 after expireInterval days': '0 到 expireTime 失效，1 在 expireInterval 天后失效',
  'a number of days from 1 to 30': '天数，1 到 30',
  'the id of a cloud environment': '云开发环境 id',
  'a domain of the cloud environment': '云开发环境的域名',
  'a width from 280 to 1280 pixels': '宽度，280 到 1280 像素',
  'true for lines in a colour that WeChat chooses': '由微信选择线条颜色时为 true',
  'true for a transparent background': '透明底色为 true',
  "1 to 32 characters of A-Z a-z 0-9 !#$&'()*+,/:;=?@-._~":
    "1 到 32 个字符，限 A-Z a-z 0-9 !#$&'()*+,/:;=?@-._~",
  'true for a page that has to be published (the default)': '页面必须已发布为 true（默认）',

  'Where the order stands here; absent for orders that were not made here.':
    '本地订单的状态；非本地创建的订单没有此项。',
  "Alipay's cancel: whether it closed the order or gave the money back.":
    '支付宝撤销的动作：关闭了交易，还是退了款。',
  ...chineseResults,
}
