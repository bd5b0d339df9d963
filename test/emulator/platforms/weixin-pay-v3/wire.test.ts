import http from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { openShopV3 } from './merchant.js'

/** What only some clients look at: names of headers by their case, headers of empty answers, serials without a key. */

const VOUCHING = [
  'Wechatpay-Nonce',
  'Wechatpay-Serial',
  'Wechatpay-Signature',
  'Wechatpay-Signature-Type',
  'Wechatpay-Timestamp',
]

const namesIn = (raw: readonly string[]): string[] => raw.filter((_text, at) => at % 2 === 0)

/** A server that keeps the names of headers as they were sent. */
async function listening(t: Test): Promise<{ url: string; names: string[][] }> {
  const names: string[][] = []
  const server = http.createServer((request, response) => {
    names.push(namesIn(request.rawHeaders))
    request.resume().on('end', () => response.writeHead(200).end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notice`, names }
}

const rawNames = (url: string): Promise<string[]> =>
  new Promise((resolve, reject) => {
    http
      .get(url, { agent: false }, (response) => resolve(namesIn(response.resume().rawHeaders)))
      .on('error', reject)
  })

t.test('headers are spelt as WeChat Pay spells them, in answers and in notices', async (t) => {
  const { platforms, order, orderInfo } = await openShopV3(t)
  const refused = await rawNames(`${platforms.url}/v3/certificates`)
  for (const name of [...VOUCHING, 'Request-ID', 'Content-Type']) t.ok(refused.includes(name), name)
  const { url, names } = await listening(t)
  const { json } = await order('case-000001', { notify_url: url })
  await platforms.requestPayment(orderInfo(String(json.prepay_id)))
  for (const name of [...VOUCHING, 'Request-ID', 'Content-Type']) t.ok(names[0]?.includes(name), name)
})

t.test('the empty answer to a closing has a type', async (t) => {
  const { platforms, order, call } = await openShopV3(t)
  await order('close-00001')
  const path = '/v3/pay/transactions/out-trade-no/close-00001/close'
  t.match(await call('POST', path, { mchid: platforms.merchant.mchId }), {
    status: 204,
    text: '',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    signedBy: /./,
  })
})

t.test('who has no certificate yet names none, or its own', async (t) => {
  const { platforms, call } = await openShopV3(t, { verification: 'certificates' })
  const own = platforms.files.serialNo
  for (const serial of ['', own, undefined]) {
    const answer = await call('GET', '/v3/certificates', undefined, {
      headers: { 'wechatpay-serial': serial },
    })
    t.match(answer, { status: 200, json: { data: [{ serial_no: answer.signedBy }] } }, `serial ${serial}`)
  }
  const unknown = { headers: { 'wechatpay-serial': 'PUB_KEY_ID_0' } }
  t.match(await call('GET', '/v3/certificates', undefined, unknown), { status: 400 })
  const query = `/v3/pay/transactions/out-trade-no/nothing1?mchid=${platforms.merchant.mchId}`
  const asked = (serial: string) => call('GET', query, undefined, { headers: { 'wechatpay-serial': serial } })
  t.match(await asked(own), { status: 400, json: { code: 'PARAM_ERROR' } }, 'elsewhere it is a mistake')
  t.match(await asked(''), { status: 404 })
})
