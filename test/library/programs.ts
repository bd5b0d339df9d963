/** Programs of people who use the library, as the compiler sees them; each is compiled as CommonJS and as ES module. */

/** What the documents show, with the types that follow from the entries. */
export const RIGHT = `
import { type Fen, initAlipay, initWeixin, type NoticeEvent, OpenapiError, openMongoStore, type Store, vk } from 'unicloud-openapi'

import whole from 'unicloud-openapi'

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const same = <A, B>(_proof: Same<A, B>): void => undefined
const store: Promise<Store> = openMongoStore('mongodb://localhost/x')

export const notified = (event: NoticeEvent) => initWeixin({ appId: 'wx' }).payment.verifyPaymentNotify(event)
export const called: NoticeEvent = { httpMethod: 'POST', headers: { 'content-type': 'text/xml' }, body: '<xml/>' }

export async function main(event: unknown) {
  const openapi = initWeixin({ appId: 'wx0123456789abcdef', secret: 's', mchId: '1', pfx: Buffer.alloc(1), store })
  const { openid, sessionKey, unionid } = await openapi.auth.code2Session('code')
  same<typeof openid, string>(true)
  same<typeof unionid, string | undefined>(true)
  const { accessToken, expiresIn } = await openapi.auth.getAccessToken()
  same<typeof expiresIn, number>(true)
  const { contentType, buffer, errCode } = await openapi.wxacode.get({ accessToken, path: 'pages/index', width: 430 })
  same<typeof buffer, Buffer>(true)
  same<typeof errCode, number>(true)
  const { list } = await openapi.analysis.getDailySummary({ beginDate: '20260130', endDate: '20260130' })
  same<(typeof list)[number]['visitTotal'], number>(true)
  await openapi.h5.templateMessage.send({ touser: openid, templateId: 't', data: { thing1: { value: contentType } } })
  const orderInfo = await openapi.getOrderInfo({ outTradeNo: 'x', totalFee: 1, body: 'b', notifyUrl: 'https://x' })
  const sign: string | undefined = orderInfo.paySign
  const notice = await openapi.payment.verifyPaymentNotify(event)
  same<typeof notice.totalFee, Fen | undefined>(true)
  const fee: number = notice.totalFee ?? 0
  const { refundList = [] } = await openapi.payment.refundQuery({ outRefundNo: 'r' })
  same<(typeof refundList)[number]['outRefundNo'], string>(true)

  const { alipay, weixin } = vk({ 'mp-weixin': { oauth: { weixin: { appid: '', appsecret: '' } } } }).openapi
  const checkRes = await weixin.order.isTradeManaged()
  same<typeof checkRes.is_trade_managed, boolean | undefined>(true)
  const code = await weixin.wxacode.getUnlimited({ scene: 'a', check_path: false, line_color: { r: 0, g: 0, b: 0 } })
  const base64 = Buffer.isBuffer(code) ? code.toString('base64') : code.msg
  const sent = await weixin.subscribeMessage.send({ touser: openid, template_id: 't', data: { name1: { value: 'x' } } })
  same<typeof sent.code, number>(true)
  await alipay.subscribeMessage.send({ touser: openid, template_id: 't', data: { name1: { value: 'x' } } })
  const trade: string = await initAlipay({ appId: '2', privateKey: 'k' }).getOrderInfo({
    ...{ outTradeNo: 'x', totalFee: fee, subject: 's', notifyUrl: 'https://x' },
  })
  try {
    await openapi.request({ path: '/x' })
  } catch (error) {
    if (error instanceof OpenapiError) return [error.errCode, error.advice]
  }
  return [sessionKey, sign, base64, trade, whole.initWeixin, whole.OpenapiError]
}
`

/** The library as a whole, as older settings of the compiler and bundlers import it. */
export const WHOLE = `
import openapi from 'unicloud-openapi'
import type { Weixin } from 'unicloud-openapi'

const weixin: Weixin = openapi.initWeixin({ appId: 'wx0123456789abcdef', secret: 's' })
export const { openid }: { openid: string } = await weixin.auth.code2Session('code')
export const alipay = openapi.initAlipay({ appId: '2', privateKey: 'k' })
export const isOurs = (error: unknown): boolean => error instanceof openapi.OpenapiError
export const made = [openapi.vk, openapi.openMongoStore, openapi.openUniCloudStore]
`

/** One mistake each, and what the compiler says of it. */
export const WRONG: readonly (readonly [code: string, says: RegExp])[] = [
  ['initWeixin({ secret: "s" })', /appId/],
  ['initWeixin({ appId: "a", appSecret: "s" })', /appSecret/],
  ['openapi.wxacode.get({ path: 1 })', /string/],
  ['openapi.wxacode.get({ path: "p", colour: true })', /colour/],
  ['openapi.wxacode.get()', /argument/],
  ['openapi.wxacode.getAll({ path: "p" })', /getAll/],
  ['openapi.security.imgSecCheck({ scene: 9 })', /'9'/],
  ['openapi.getOrderInfo({ totalFee: "1" })', /string/],
  ['openapi.payment.verifyPaymentNotify("<xml>the body alone</xml>")', /string/],
  ['openapi.auth.getAccessToken().then(({ token }) => token)', /token/],
  ['vk().openapi.weixin.wxacode.get({ path: "p", autoColor: true })', /autoColor/],
  ['vk().openapi.weixin.order.isTradeManaged().then((r) => r.isTradeManaged)', /is_trade_managed/],
]

export const wrong = (code: string): string =>
  `import { initWeixin, vk } from 'unicloud-openapi'\nexport const openapi = initWeixin({ appId: 'a' })\nexport const made = [vk, ${code}]\n`

/** Loads the library and shows what is in it. */
export const LIST =
  'console.log(JSON.stringify([Object.keys(library), Object.keys(library.default), library.default.initWeixin === library.initWeixin, library.initWeixin({ appId: "wx" }) !== undefined]))'

/** The same where the whole is imported. */
export const LIST_WHOLE =
  'console.log(JSON.stringify([Object.keys(whole), whole.initWeixin({ appId: "wx" }) !== undefined]))'
