import t from 'tap'
import { systemClock } from '../../shared/clock.js'
import type { Vk, VkOptions } from '../../shared/library/index.js'
import { functionName } from '../../shared/operation/index.js'
import { APP_ID, NOW } from '../weixin/deployment.js'
import { exampleOf } from '../weixin/examples.js'
import { freshLibrary, inHost, stillHost } from './built.js'
import { expect, type Fields, OPENID, recorder, SECRET } from './recorded.js'

/** What the document of `vk.openapi.weixin` shows, every method under its own name. */

let now = NOW
inHost(t, { ...stillHost(NOW), clock: { ...systemClock, now: () => now } })

const H5_APP_ID = 'wxfedcba9876543210'
const app = { appid: APP_ID, appsecret: SECRET }
const official = { appid: H5_APP_ID, appsecret: 'fedcba9876543210fedcba9876543210' }

const newVk = (more: VkOptions = {}): Vk =>
  freshLibrary().vk({
    'mp-weixin': { oauth: { weixin: app } },
    'h5-weixin': { oauth: { weixin: official } },
    'app-plus': { oauth: { weixin: { appid: '', appsecret: '' } } },
    endpoints: { weixinApi: recorder.url },
    ...more,
  })

type Weixin = Vk['openapi']['weixin']

const saying = (body: object) => ({ reply: { contentType: 'application/json', body } })

/** Makes the call while WeChat answers as the function's first example, or as `said`, says. */
function sample(
  name: string,
  call: (weixin: Weixin) => Promise<unknown>,
  { sent, gives = {}, said }: { sent: object; gives?: object; said?: object },
): void {
  t.test(name, async (t) => {
    const [exchange] = exampleOf(functionName(name)).upstream
    if (exchange) expect({ upstream: [{ ...exchange, ...(said && saying(said)) }] })
    t.match(await call(newVk().openapi.weixin), { code: 0, ...gives })
    const [request] = recorder.requests
    t.equal(recorder.requests.length, 1)
    const body = request?.bytes.toString() ?? ''
    t.strictSame(body === '' ? request?.query : JSON.parse(body), sent)
  })
}

t.test('auth.getAccessToken', async (t) => {
  expect({ upstream: [] })
  const { auth } = newVk().openapi.weixin
  t.equal(await auth.getAccessToken(), 'ACCESS_TOKEN')
  recorder.givesTokens = false
  now += 1000
  t.equal(await auth.getAccessToken(), 'ACCESS_TOKEN', 'without asking again')
  const [token] = exampleOf('authGetAccessToken').upstream
  expect({ upstream: token ? [token] : [] })
  t.equal(await auth.getAccessToken({ cache: false }), 'ACCESS_TOKEN')
  t.equal(recorder.requests.length, 1)
  now += 1000
  expect({
    upstream: token ? [{ ...token, ...saying({ errcode: 40125, errmsg: 'invalid appsecret' }) }] : [],
  })
  t.match(await auth.getAccessToken({ cache: false }), { code: 40125, msg: /invalid appsecret/ })
})

const login = { openid: OPENID, session_key: 'tiihtNczf5v6AKRyjwEUhQ==', unionid: 'u' }

sample('auth.code2Session', ({ auth }) => auth.code2Session({ js_code: '0a1b2c' }), {
  said: login,
  sent: { appid: APP_ID, secret: SECRET, js_code: '0a1b2c', grant_type: 'authorization_code' },
  gives: { ...login, sessionKey: login.session_key },
})

t.test('decrypt.getPhoneNumber', async (t) => {
  const { upstream, more = [] } = exampleOf('decryptGetPhoneNumber')
  const phone = { code: 0, phoneNumber: '13580006666', purePhoneNumber: '13580006666', mobile: '13580006666' }
  const { decrypt } = newVk().openapi.weixin
  expect({ upstream })
  t.match(await decrypt.getPhoneNumber({ code: 'of the button' }), { ...phone, countryCode: '86' })
  expect({ upstream: [] })
  const sealed = more.find(({ input }) => input.sessionKey !== undefined)?.input as {
    encryptedData: string
    iv: string
    sessionKey: string
  }
  t.match(await decrypt.getPhoneNumber(sealed), { ...phone, watermark: { appid: APP_ID } })
  const spoilt = { ...sealed, sessionKey: 'AAAAAAAAAAAAAAAAAAAAAA==' }
  t.match(await decrypt.getPhoneNumber(spoilt), { code: -1, errCode: 'DECRYPTION_FAILED', msg: String })
  t.equal(recorder.requests.length, 0)
})

t.test('wxacode.getUnlimited', async (t) => {
  const { wxacode } = newVk().openapi.weixin
  const [exchange] = exampleOf('wxacodeGetUnlimited').upstream
  const upstream = exchange ? [exchange] : []
  expect({ upstream })
  const wish = {
    page: 'pages/index/index',
    scene: 'id=1',
    check_path: false,
    env_version: 'develop',
    width: 430,
    auto_color: false,
    line_color: { r: 0, g: 0, b: 0 },
    is_hyaline: false,
  } as const
  const code = await wxacode.getUnlimited(wish)
  t.ok(Buffer.isBuffer(code), 'the bare picture')
  t.equal('code' in code, false, 'which no check for a code takes for a failure')
  t.same(JSON.parse(recorder.requests[0]?.bytes.toString() ?? ''), wish)
  expect({
    upstream: upstream.map((each) => ({ ...each, ...saying({ errcode: 41030, errmsg: 'invalid page' }) })),
  })
  t.match(await wxacode.getUnlimited(wish), { code: 41030, msg: /invalid page/, advice: String })
  t.match(await wxacode.getUnlimited({ ...wish, line_color: { r: 256, g: 0, b: 0 } }), {
    code: -1,
    msg: /^line_color.r: expected a whole number/,
  })
})

sample(
  'urlscheme.generate',
  ({ urlscheme }) =>
    urlscheme.generate({
      jump_wxa: { path: 'pages/index/index', query: 'a=1', env_version: 'develop' },
      is_expire: true,
      expire_type: 1,
      expire_interval: 30,
    }),
  {
    sent: {
      jump_wxa: { path: 'pages/index/index', query: 'a=1', env_version: 'develop' },
      is_expire: true,
      expire_type: 1,
      expire_interval: 30,
    },
    gives: { openlink: /^weixin:/ },
  },
)

t.test('urlscheme.generate, spelt as in its sample', async (t) => {
  const [exchange] = exampleOf('urlschemeGenerate').upstream
  expect({ upstream: exchange ? [exchange] : [] })
  const { urlscheme } = newVk().openapi.weixin
  const wish = {
    jump_wxa: { path: 'pages/index/index' },
    is_expire: true,
    iexpire_type: 1,
    expire_interval: 30,
  }
  t.match(await urlscheme.generate(wish as never), { code: 0, openlink: /^weixin:/ })
  const { iexpire_type: expire_type, ...sent } = wish
  t.same(JSON.parse(recorder.requests[0]?.bytes.toString() ?? ''), { ...sent, expire_type })
  expect({ upstream: [] })
  t.match(await urlscheme.generate({ ...wish, iexpire_type: 2 } as never), { msg: /^expire_type: / })
})

const link = {
  path: 'pages/index/index',
  query: 'a=1&b=2',
  is_expire: true,
  expire_type: 1,
  expire_interval: 30,
  env_version: 'develop',
} as const

sample('urllink.generate', ({ urllink }) => urllink.generate(link), {
  sent: link,
  gives: { url_link: /^https:/ },
})

const check = { content: '一段文本', openid: OPENID, scene: 2, version: 2 } as const

sample('security.msgSecCheck', ({ security }) => security.msgSecCheck(check), {
  sent: check,
  gives: { trace_id: String, result: { suggest: String, label: Number } },
})

t.test('security.imgSecCheck', async (t) => {
  const [newer, older] = [
    exampleOf('securityImgSecCheck').upstream[0],
    exampleOf('imgScanQRCode').upstream[0],
  ]
  if (!newer || !older) throw new Error('an example has changed')
  const base64 =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
  const wish = { base64, openid: OPENID, scene: 2, version: 2 } as const
  const { security } = newVk().openapi.weixin
  expect({ upstream: [] })
  t.match(await security.imgSecCheck(wish), { code: -1, msg: /^media_url: required by version 2/ })
  t.match(await security.imgSecCheck({ ...wish, base64: 'R0k=' }), {
    code: -1,
    msg: /^base64: expected a JPEG/,
  })
  t.equal(recorder.requests.length, 0)

  expect({ upstream: [newer] })
  const uploaded: { contentType: string; bytes: number }[] = []
  const uploading = newVk({
    async uploadImage({ contentType, buffer }) {
      uploaded.push({ contentType, bytes: buffer.length })
      return 'https://cdn.example.com/1.png'
    },
  })
  t.match(await uploading.openapi.weixin.security.imgSecCheck(wish), { code: 0, trace_id: String })
  t.same(uploaded, [{ contentType: 'image/png', bytes: 70 }])
  t.match(JSON.parse(recorder.requests[0]?.bytes.toString() ?? ''), {
    media_url: 'https://cdn.example.com/1.png',
  })

  expect({ upstream: [{ ...older, ...saying({ errcode: 87014, errmsg: 'risky content' }) }] })
  const first = { base64: `data:image/png;base64,${base64}`, version: 1 } as const
  t.match(await security.imgSecCheck(first), { code: 87014, msg: 'risky content' })
  t.match(recorder.requests[0]?.contentType, /^multipart\/form-data/)
})

const message = {
  touser: OPENID,
  template_id: 'tpl-1',
  page: 'pages/index/index',
  data: { character_string1: { value: '202103040830158485629163994677' }, name2: { value: '快递' } },
  miniprogram_state: 'formal',
} as const

sample('subscribeMessage.send', ({ subscribeMessage }) => subscribeMessage.send(message), { sent: message })

t.test('subscribeMessage.send, not subscribed', async (t) => {
  const [exchange] = exampleOf('subscribeMessageSend').upstream
  const refusal = saying({ errcode: 43101, errmsg: 'user refuse to accept the msg rid: 1-2-3' })
  expect({ upstream: exchange ? [{ ...exchange, ...refusal }] : [] })
  t.match(await newVk().openapi.weixin.subscribeMessage.send(message), {
    code: 43101,
    msg: /user refuse to accept the msg/,
    rid: '1-2-3',
  })
})

const official_message = {
  touser: 'o-of-the-official-account',
  template_id: 'tpl-2',
  url: 'https://shop.example.com',
  miniprogram: { appid: APP_ID, pagepath: 'pages/order/order?id=aaa' },
  data: {
    keyword1: { value: 'D201803111235825', color: '#173177' },
    remark: { value: '欢迎', color: '#173177' },
  },
}

t.test('uniformMessage.send', async (t) => {
  expect({ upstream: [] })
  t.match(await newVk().openapi.weixin.uniformMessage.send(official_message), {
    code: 45109,
    msg: /h5\.templateMessage\.send/,
  })
  t.equal(recorder.requests.length, 0)
})

sample('h5.templateMessage.send', ({ h5 }) => h5.templateMessage.send(official_message), {
  sent: official_message,
  said: { errcode: 0, errmsg: 'ok', msgid: 200228332 },
  gives: { msgid: '200228332' },
})

sample('livebroadcast.getLiveInfo', ({ livebroadcast }) => livebroadcast.getLiveInfo({}), {
  sent: { start: 0, limit: 100 },
})

sample(
  'livebroadcast.getLiveInfo',
  ({ livebroadcast }) => livebroadcast.getLiveInfo({ pageIndex: 3, pageSize: 20 }),
  { sent: { start: 40, limit: 20 }, gives: { total: Number, room_info: [{ roomid: Number, name: String }] } },
)

const parcel = (no: string, company: string) => ({
  tracking_no: no,
  express_company: company,
  item_desc: '商品*1',
  contact: { consignor_contact: '177****1234' },
})
const shipment = {
  order_key: { order_number_type: 2, transaction_id: '4200002504202501085353055271' },
  logistics_type: 1,
  delivery_mode: 1,
  is_all_delivered: true,
  shipping_list: [parcel('78869806474031', 'ZTO')],
  upload_time: '2026-01-31T13:29:35.120+08:00',
  payer: { openid: OPENID },
} as const

sample(
  'order.uploadShippingInfo',
  ({ order }) => order.uploadShippingInfo({ ...shipment, shipping_list: [...shipment.shipping_list] }),
  {
    sent: shipment,
  },
)

const orderKey = (no: string) =>
  ({ order_number_type: 1, mchid: '1900000109', out_trade_no: `library-${no}` }) as const
const combined = {
  order_key: orderKey('0'),
  sub_orders: [
    {
      order_key: orderKey('1'),
      delivery_mode: 2 as const,
      logistics_type: 1 as const,
      is_all_delivered: true,
      shipping_list: [parcel('YD1', 'YD'), parcel('DHL1', 'DHL')],
    },
    {
      order_key: orderKey('2'),
      delivery_mode: 1 as const,
      logistics_type: 1 as const,
      shipping_list: [parcel('YTO1', 'YTO')],
    },
  ],
  upload_time: '2026-01-31T13:29:35.120+08:00',
  payer: { openid: OPENID },
}

sample('order.uploadCombinedShippingInfo', ({ order }) => order.uploadCombinedShippingInfo(combined), {
  sent: combined,
})

sample(
  'order.getOrder',
  ({ order }) =>
    order.getOrder({
      transaction_id: '4200002504202501085353055271',
      merchant_id: '',
      sub_merchant_id: '',
      merchant_trade_no: '',
    }),
  {
    sent: { transaction_id: '4200002504202501085353055271' },
    gives: { order: { merchant_trade_no: String, order_state: Number } },
  },
)

sample('order.getOrderList', ({ order }) => order.getOrderList({ page_size: 100 }), {
  sent: { page_size: 100 },
  gives: { order_list: [{ order_state: Number }], has_more: Boolean },
})

const received = {
  merchant_id: '1900000109',
  merchant_trade_no: 'library-3',
  received_time: 1670829139,
}

sample('order.notifyConfirmReceive', ({ order }) => order.notifyConfirmReceive(received), { sent: received })

sample('order.setMsgJumpPath', ({ order }) => order.setMsgJumpPath({ path: 'pages/order/info' }), {
  sent: { path: 'pages/order/info' },
})

sample('order.isTradeManaged', ({ order }) => order.isTradeManaged(), {
  sent: { appid: APP_ID },
  gives: { is_trade_managed: true },
})

sample(
  'order.isTradeManagementConfirmationCompleted',
  ({ order }) => order.isTradeManagementConfirmationCompleted(),
  { sent: { appid: APP_ID }, gives: { completed: Boolean } },
)

const special = { order_id: '123456', type: 1, delay_to: 1772424000 } as const

sample('order.opspecialorder', ({ order }) => order.opspecialorder(special), { sent: special })

sample('logistics.getAllDelivery', ({ logistics }) => logistics.getAllDelivery(), {
  sent: { access_token: 'ACCESS_TOKEN' },
  gives: { count: Number, data: [{ delivery_id: String, delivery_name: String }] },
})

const goods_info = { detail_list: [{ goods_name: '商品', goods_img_url: 'www.example.com' }] }
const waybill = {
  openid: OPENID,
  waybill_id: 'WXTESTEXPRESS0000014',
  sender_phone: '12345678901',
  receiver_phone: '123456566',
  delivery_id: 'KYSY',
  goods_info,
}

t.test('logistics.traceWaybill', async (t) => {
  expect({ upstream: exampleOf('logisticsTraceWaybill').upstream })
  t.match(await newVk().openapi.weixin.logistics.traceWaybill(waybill), { code: 0, waybill_token: String })
  t.same(JSON.parse(recorder.requests[0]?.bytes.toString() ?? ''), waybill)
})

sample(
  'logistics.queryFollowTrace',
  ({ logistics }) => logistics.queryFollowTrace({ waybill_token: 'wt-1' }),
  {
    sent: { waybill_token: 'wt-1' },
    gives: { waybill_info: { status: Number, waybill_id: String } },
  },
)

const update = { waybill_token: 'wt-1', goods_info }

sample('logistics.updateFollowWaybillGoods', ({ logistics }) => logistics.updateFollowWaybillGoods(update), {
  sent: update,
})

t.test('request', async (t) => {
  const { request } = newVk().openapi.weixin
  const [exchange] = exampleOf('openapiRequest').upstream
  const answer = { errcode: 0, errmsg: 'ok', data: [{ priTmplId: 'p-1', some_key: 1 }] }
  expect({ upstream: exchange ? [{ ...exchange, ...saying(answer) }] : [] })
  t.strictSame(await request({ method: 'GET', url: 'wxaapi/newtmpl/gettemplate', data: {} }), {
    code: 0,
    msg: 'ok',
    data: answer.data,
  })
  t.match(recorder.requests[0], { method: 'GET', path: '/wxaapi/newtmpl/gettemplate' })

  expect({
    upstream: exchange
      ? [{ ...exchange, ...saying({ errcode: 0, errmsg: 'ok', url_link: 'https://wxaurl.cn/x' }) }]
      : [],
  })
  const made = await request({
    method: 'post',
    url: 'wxa/generate_urllink',
    data: { path: 'pages/index/index' },
  })
  t.match(made, { code: 0, url_link: 'https://wxaurl.cn/x' })
  t.equal(recorder.requests[0]?.bytes.toString(), '{"path":"pages/index/index"}')

  expect({ upstream: [] })
  t.match(await request({ url: 'https://evil.example.com/x' }), { code: -1, msg: /^url: / })
  t.equal(recorder.requests.length, 0)
})

t.test('several mini programs', async (t) => {
  const [second, third] = [
    { appid: 'wx2222222222222222', appsecret: '2'.repeat(32) },
    { appid: 'wx3333333333333333', appsecret: '3'.repeat(32) },
  ]
  const { auth } = newVk({ vk: { oauth: { weixin: { list: [second] } } } }).openapi.weixin
  const secretsFor = async (given: { appid?: string; appsecret?: string }) => {
    const [exchange] = exampleOf('authCode2Session').upstream
    expect({ upstream: exchange ? [exchange] : [] })
    const answer = await auth.code2Session({ js_code: 'x', ...given })
    const { appid, secret } = recorder.requests[0]?.query ?? {}
    return { code: answer.code, appid, secret, msg: answer.msg }
  }
  t.match(await secretsFor({}), { code: 0, appid: APP_ID, secret: SECRET })
  t.match(await secretsFor({ appid: second.appid }), {
    code: 0,
    appid: second.appid,
    secret: second.appsecret,
  })
  t.match(await secretsFor(third), { code: 0, appid: third.appid, secret: third.appsecret })
  t.match(await secretsFor({ appid: APP_ID, appsecret: third.appsecret }), { secret: third.appsecret })
  t.match(await secretsFor({ appid: third.appid }), { code: -1, msg: /^appid: .*vk\.oauth\.weixin\.list/ })
  t.match(await secretsFor({ appsecret: third.appsecret }), { code: -1, msg: /^appid: required/ })
})

t.test('without configuration it says where one would be looked for', async (t) => {
  const failure = await freshLibrary().vk().openapi.weixin.auth.getAccessToken()
  t.match(failure, {
    code: -1,
    errCode: 'MISSING_SETTING',
    msg: /^mp-weixin\.oauth\.weixin\.appid is not set\. Looked in: vk options, uni-config-center/,
  })
})

t.test('what was given is as it was', async (t) => {
  const given = Object.freeze({ ...link, appid: APP_ID })
  expect({ upstream: exampleOf('urllinkGenerate').upstream })
  t.match(await newVk().openapi.weixin.urllink.generate(given), { code: 0 })
  const nothing: Fields = {}
  t.match(await newVk().openapi.weixin.urllink.generate(nothing as never), { code: Number })
})
