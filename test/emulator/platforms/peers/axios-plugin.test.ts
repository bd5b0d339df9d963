import { Agent } from 'node:https'
import t, { type Test } from 'tap'
import { Aes, Formatter, Hash, Rsa, Transformer, Wechatpay } from 'wechatpay-axios-plugin'
import { beijingDateTime, systemClock } from '../../../../shared/clock.js'
import {
  type LocalPlatformsOptions,
  startLocalPlatforms,
} from '../../../../tools/emulator/platforms/index.js'
import { handClock } from '../../../support/clock.js'
import { merchant, type Notified } from '../../../support/network/merchant.js'

/**
 * A client that nobody here wrote must get along with the V3 platforms in every direction. It reads the machine's clock,
 * so the local platforms' root stands where that one stood; nothing depends on what it says.
 */

interface Reply {
  status: number
  data: Record<string, unknown>
}

const chained = (client: Wechatpay, path: string): Wechatpay =>
  path.split('/').reduce((at: Wechatpay, part) => at.chain(part), client)

async function openClient(t: Test, options: LocalPlatformsOptions = {}) {
  const clock = handClock(() => false, systemClock.now())
  const platforms = await startLocalPlatforms({ clock, ...options })
  const partner = await merchant()
  t.teardown(async () => {
    await platforms.close()
    await partner.close()
  })
  const { mchId, v3Key } = platforms.merchant
  const client = new Wechatpay({
    mchid: mchId,
    serial: platforms.files.serialNo,
    privateKey: platforms.files.key,
    certs: platforms.platformKeys(),
    baseURL: platforms.url,
  })
  const order = (outTradeNo: string) => ({
    appid: platforms.app.appId,
    mchid: mchId,
    description: '茶, green',
    out_trade_no: outTradeNo,
    notify_url: partner.notifyUrl,
    amount: { total: 57 },
    payer: { openid: platforms.openid('alice') },
  })
  const get = (path: string, config = {}) => chained(client, path).get<object, Reply>(config)
  const post = (path: string, body: object, config = {}) =>
    chained(client, path).post<object, Reply>(body, config)
  return { platforms, clock, partner, order, get, post, mchId, v3Key }
}

/** The refusal in a rejection, as axios brings it. */
async function refusal(work: Promise<unknown>): Promise<{ status?: number; data?: unknown; code?: string }> {
  try {
    await work
  } catch (error) {
    const { response, code } = error as { response?: { status: number; data: unknown }; code?: string }
    return { ...response, ...(code ? { code } : {}) }
  }
  throw new Error('expected a rejection')
}

t.test('a payment from order to notice, in each mode of verification', async (t) => {
  for (const verification of ['public-key', 'certificates', 'both'] as const) {
    const { platforms, partner, order, get, post, mchId, v3Key } = await openClient(t, { verification })
    const number = `axios-${verification}`
    const { data: made } = await post('v3/pay/transactions/jsapi', order(number))
    const [timeStamp, nonceStr] = [String(Formatter.timestamp()), Formatter.nonce()]
    const info = { appId: platforms.app.appId, timeStamp, nonceStr, package: `prepay_id=${made.prepay_id}` }
    const paySign = Rsa.sign(Formatter.joinedByLineFeed(...Object.values(info)), platforms.files.key)
    await platforms.requestPayment({ ...info, signType: 'RSA', paySign })
    const { data: asked } = await get('v3/pay/transactions/out-trade-no/{out_trade_no}', {
      params: { mchid: mchId },
      out_trade_no: number,
    })
    t.match(asked, { trade_state: 'SUCCESS', amount: { total: 57, payer_total: 57 } }, verification)
    const byId = await get('v3/pay/transactions/id/{id}', {
      params: { mchid: mchId },
      id: asked.transaction_id,
    })
    t.match(byId.data, { out_trade_no: number })

    const { headers = {}, body = '' }: Partial<Notified> = partner.received.at(-1) ?? {}
    const [stamp = '', nonce = '', signature = '', serial = ''] = [
      'timestamp',
      'nonce',
      'signature',
      'serial',
    ].map((name) => String(headers[`wechatpay-${name}`]))
    const text = Formatter.response(stamp, nonce, body)
    t.ok(Rsa.verify(text, signature, platforms.platformKeys()[serial] ?? ''), verification)
    const { resource } = JSON.parse(body)
    const plain = Aes.AesGcm.decrypt(resource.ciphertext, v3Key, resource.nonce, resource.associated_data)
    t.match(JSON.parse(plain), { out_trade_no: number, transaction_id: asked.transaction_id })
  }
})

t.test('it closes, refunds, asks about refunds, and reads the refusals', async (t) => {
  const { platforms, order, get, post, mchId } = await openClient(t)
  await post('v3/pay/transactions/jsapi', order('axios-close'))
  const path = 'v3/pay/transactions/out-trade-no/{out_trade_no}/close'
  const close = () => post(path, { mchid: mchId }, { out_trade_no: 'axios-close' })
  t.match(await close(), { status: 204 })
  t.match(await refusal(close()), { status: 400, data: { code: 'ORDER_CLOSED' } })
  await post('v3/pay/transactions/jsapi', order('axios-back'))
  await platforms.pay('axios-back')
  const wish = {
    out_trade_no: 'axios-back',
    out_refund_no: 'R1',
    amount: { refund: 7, total: 57, currency: 'CNY' },
  }
  const { data: refund } = await post('v3/refund/domestic/refunds', wish)
  t.match(refund, { status: 'PROCESSING', amount: { refund: 7 } })
  await platforms.finishRefund('R1')
  const found = await get('v3/refund/domestic/refunds/{number}', { number: 'R1' })
  t.match(found.data, { refund_id: refund.refund_id, status: 'SUCCESS' })
})

t.test('it believes no answer that is spoilt', async (t) => {
  const { platforms, order, post } = await openClient(t)
  for (const [fault, code] of [
    ['forged', 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
    ['probe', 'EV3_RES_HEADER_SIGNATURE_DIGEST'],
    ['unsigned', 'EV3_RES_HEADERS_INCOMPLATE'],
    ['stale', 'EV3_RES_HEADER_TIMESTAMP_OFFSET'],
    ['unknown-serial', 'EV3_RES_HEADER_PLATFORM_SERIAL'],
  ] as const) {
    platforms.faults.next('/v3/pay/transactions/jsapi', fault)
    t.match(await refusal(post('v3/pay/transactions/jsapi', order('axios-spoilt'))), { code }, fault)
  }
})

interface Listed {
  serial_no: string
  encrypt_certificate: { ciphertext: string; nonce: string; associated_data: string }
}

t.test('it opens the certificates, and follows a rotation', async (t) => {
  const { platforms, get, v3Key } = await openClient(t, { verification: 'certificates' })
  const { data } = await get('v3/certificates')
  const [{ serial_no: serial, encrypt_certificate: sealed }] = data.data as [Listed]
  const pem = Aes.AesGcm.decrypt(sealed.ciphertext, v3Key, sealed.nonce, sealed.associated_data)
  t.equal(pem, platforms.platformKeys()[serial])
  platforms.rotateCertificate()
  t.match(await refusal(get('v3/certificates')), { code: 'EV3_RES_HEADER_PLATFORM_SERIAL' })
})

t.test('it downloads a bill and casts it', async (t) => {
  const { platforms, clock, order, get, post } = await openClient(t)
  await post('v3/pay/transactions/jsapi', order('axios-bill1'))
  await platforms.pay('axios-bill1')
  const day = beijingDateTime(clock.now()).slice(0, 10)
  const { data } = await get('v3/bill/tradebill', { params: { bill_date: day } })
  const token = new URL(String(data.download_url)).searchParams.get('token')
  const file = await get('v3/billdownload/file', { params: { token }, responseType: 'arraybuffer' })
  t.match(Formatter.castCsvBill(file.data as unknown as Buffer), {
    rows: [{ 商户订单号: 'axios-bill1', 商品名称: '茶, green', 订单金额: '0.57' }],
    summary: { 总交易单数: '1', 订单总金额: '0.57' },
  })
})

t.test(
  'its V2 side refunds over TLS with the certificate of the merchant, and opens the notice',
  async (t) => {
    const { platforms, partner, mchId } = await openClient(t)
    const { key } = platforms.merchant
    const client = new Wechatpay({
      mchid: mchId,
      serial: platforms.files.serialNo,
      privateKey: platforms.files.key,
      certs: platforms.platformKeys(),
      secret: key,
      baseURL: platforms.secureUrl,
    })
    const { authority: ca, cert, key: privateKey } = platforms.files
    const httpsAgent = new Agent({ ca, cert, key: privateKey })
    t.teardown(() => httpsAgent.destroy())
    const post = (path: string, fields: Record<string, string>) =>
      chained(client, path).post<object, Reply>(
        { appid: platforms.app.appId, mch_id: mchId, nonce_str: Formatter.nonce(), ...fields },
        { httpsAgent },
      )
    const made = await post('v2/pay/unifiedorder', {
      ...{ body: 'tea', out_trade_no: 'axios-v2-01', total_fee: '57', trade_type: 'NATIVE', product_id: '1' },
      ...{ spbill_create_ip: '127.0.0.1', notify_url: partner.notifyUrl },
    })
    t.match(made.data, { result_code: 'SUCCESS', code_url: /^weixin:/ })
    await platforms.pay('axios-v2-01')
    const back = {
      ...{ out_trade_no: 'axios-v2-01', out_refund_no: 'R1', total_fee: '57', refund_fee: '7' },
      notify_url: partner.notifyUrl,
    }
    t.match((await post('v2/secapi/pay/refund', back)).data, { result_code: 'SUCCESS', refund_fee: '7' })
    const asked = await post('v2/pay/refundquery', { out_refund_no: 'R1' })
    t.match(asked.data, { refund_count: '1', refund_status_0: 'PROCESSING' })
    await platforms.finishRefund('R1', 'ABNORMAL')
    const { req_info: sealed = '' } = Transformer.toObject(partner.received.at(-1)?.body ?? '') as Record<
      string,
      string
    >
    const inner = Transformer.toObject(Aes.AesEcb.decrypt(sealed, Hash.md5(key)))
    t.match(inner, { out_refund_no: 'R1', refund_status: 'CHANGE', refund_fee: '7' })
  },
)
