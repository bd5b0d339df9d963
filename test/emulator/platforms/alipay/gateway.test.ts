import { createCipheriv, createDecipheriv, X509Certificate } from 'node:crypto'
import t from 'tap'
import { openShopAlipay, type Tampering } from './merchant.js'

/** Who is let in, and how what is said is written. */

const QUERY = 'alipay.trade.query'
const REFUSED = 'error_response'

t.test('a good request is answered under its method, signed, whatever the status of things', async (t) => {
  const shop = await openShopAlipay(t)
  await shop.order('A1')
  const found = await shop.call(QUERY, { out_trade_no: 'A1' })
  t.match(found, {
    key: 'alipay_trade_query_response',
    isSigned: true,
    fields: { code: '10000', msg: 'Success' },
  })
  t.notOk('certSn' in found)
  t.match(found.headers, { 'content-type': 'text/html;charset=utf-8', trace_id: /^\w{32}$/ })
  const missing = await shop.call(QUERY, { out_trade_no: 'A2' })
  t.match(missing, { key: 'alipay_trade_query_response', isSigned: true })
  t.match(missing.fields, {
    code: '40004',
    msg: 'Business Failed',
    sub_code: 'ACQ.TRADE_NOT_EXIST',
    sub_msg: '交易不存在',
  })
})

t.test('the gateway refuses what it cannot place, and does not sign that', async (t) => {
  const shop = await openShopAlipay(t)
  const hours = (count: number) =>
    new Date(shop.clock.now() + count * 3600_000).toISOString().slice(0, 19).replace('T', ' ')
  const cases: Record<string, [Tampering['params'], string, string]> = {
    'no application': [{ app_id: undefined }, '40001', 'isv.missing-app-id'],
    'another application': [{ app_id: '2021000000000000' }, '40002', 'isv.invalid-app-id'],
    'no version': [{ version: undefined }, '40001', 'isv.missing-version'],
    'another version': [{ version: '2.0' }, '40002', 'isv.invalid-parameter'],
    'another format': [{ format: 'XML' }, '40002', 'isv.invalid-format'],
    'no charset at all': [{ charset: undefined }, '40002', 'isv.invalid-charset'],
    'an unknown charset': [{ charset: 'latin1' }, '40002', 'isv.invalid-charset'],
    'no time': [{ timestamp: undefined }, '40001', 'isv.missing-timestamp'],
    'no such time': [{ timestamp: '2050-02-30T00:00:00Z' }, '40002', 'isv.invalid-timestamp'],
    'the time of a machine in UTC': [{ timestamp: hours(0) }, '40002', 'isv.invalid-timestamp'],
    'no signature type': [{ sign_type: undefined }, '40001', 'isv.missing-signature-type'],
    'an unknown signature type': [{ sign_type: 'MD5' }, '40002', 'isv.invalid-signature-type'],
    'a weaker signature type': [{ sign_type: 'RSA' }, '40002', 'isv.missing-signature-config'],
    'content that is no object': [{ biz_content: '[]' }, '40002', 'isv.invalid-parameter'],
    'content that is no JSON': [{ biz_content: '{' }, '40002', 'isv.invalid-parameter'],
  }
  for (const [name, [params = {}, code, subCode]] of Object.entries(cases)) {
    const said = await shop.call(QUERY, { out_trade_no: 'A1' }, { params })
    t.match(said, { key: REFUSED, fields: { code, sub_code: subCode } }, name)
    t.notOk('isSigned' in said, name)
  }
  t.match(await shop.call('alipay.trade.make', {}), {
    key: REFUSED,
    fields: { sub_code: 'isv.invalid-method' },
  })
  t.match(await shop.call('', {}), { key: REFUSED, fields: { sub_code: 'isv.missing-method' } })
  const good = await shop.call(QUERY, { out_trade_no: 'A1' }, { params: { timestamp: hours(8) } })
  t.match(good.fields, { sub_code: 'ACQ.TRADE_NOT_EXIST' })
})

t.test('what was signed is what has to come', async (t) => {
  const shop = await openShopAlipay(t)
  const changed: Tampering[] = [
    { after: { biz_content: '{"out_trade_no":"A2"}' } },
    { after: { notify_url: 'http://127.0.0.1/other' } },
    { after: { more: '1' } },
    { after: { format: undefined } },
    { after: { sign: Buffer.alloc(256, 1).toString('base64') } },
    { after: { sign: 'not base64!' } },
    { hash: 'sha1' },
  ]
  for (const tampering of changed) {
    const said = await shop.call(QUERY, { out_trade_no: 'A1' }, tampering)
    t.match(said, { key: REFUSED, fields: { code: '40002', sub_code: 'isv.invalid-signature' } })
    t.match(said.fields.sub_msg, /网关生成的验签字符串为：app_id=\d+&amp;biz_content=/)
  }
  const unsigned = await shop.call(QUERY, { out_trade_no: 'A1' }, { after: { sign: undefined } })
  t.match(unsigned, { key: REFUSED, fields: { code: '40001', sub_code: 'isv.missing-signature' } })
  const empty = await shop.call(QUERY, { out_trade_no: 'A1' }, { after: { notify_url: '' } })
  t.match(empty.fields, { sub_code: 'ACQ.TRADE_NOT_EXIST' }, 'what is empty does not count')
})

t.test('without a charset in the query, the one of the content type counts', async (t) => {
  const shop = await openShopAlipay(t)
  const find = (contentType: string) =>
    shop.call(QUERY, { out_trade_no: '茶中' }, { inBody: ['biz_content', 'charset'], contentType })
  for (const contentType of [';charset=utf-8', '; charset=UTF-8', ';charset="utf-8"']) {
    t.match((await find(contentType)).fields, { sub_code: 'ACQ.TRADE_NOT_EXIST' }, contentType)
  }
  t.match((await find(';charset=gbk')).fields, { sub_code: 'isv.invalid-signature' })
})

t.test('the body is read in the charset that the query names, else in GBK', async (t) => {
  const shop = await openShopAlipay(t)
  const find = (tampering: Tampering) => shop.call(QUERY, { out_trade_no: '茶中' }, tampering)
  t.match((await find({})).fields, { sub_code: 'ACQ.TRADE_NOT_EXIST' })
  t.match((await find({ inBody: ['biz_content', 'charset'] })).fields, { sub_code: 'isv.invalid-signature' })
  t.match((await find({ charset: 'gbk' })).fields, { sub_code: 'ACQ.TRADE_NOT_EXIST', sub_msg: '交易不存在' })
  const inGbk = await find({ charset: 'gbk', inBody: ['biz_content', 'charset'] })
  t.match(inGbk, { isSigned: true, headers: { 'content-type': 'text/html;charset=gbk' } })
  const everything = [
    'app_id',
    'method',
    'format',
    'sign',
    'sign_type',
    'timestamp',
    'version',
    'biz_content',
  ]
  t.match((await find({ inBody: everything })).fields, { sub_code: 'ACQ.TRADE_NOT_EXIST' })
})

t.test('the root file looks like the real one', async (t) => {
  const { platforms } = await openShopAlipay(t, { alipay: { verification: 'certificates' } })
  const file = platforms.alipay.console.rootCert
  t.notOk(file.includes('\r'), 'line feeds alone')
  const certificates = file.split('\n\n')
  t.equal(certificates.length, 4, 'with a blank line in between')
  const kinds = certificates.map((pem) => new X509Certificate(pem).toString() && curveOf(pem))
  t.strictSame(kinds, ['SM2', 'RSA', 'P-256', 'RSA'])
})

/** Which key a certificate has, by the object identifiers in it. */
function curveOf(pem: string): string {
  const hex = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64').toString('hex')
  if (hex.includes('06082a811ccf5501822d')) return 'SM2'
  return hex.includes('06082a8648ce3d030107') ? 'P-256' : 'RSA'
}

t.test('certificates: both numbers have to be named, and the answer names its own', async (t) => {
  const shop = await openShopAlipay(t, { alipay: { verification: 'certificates' } })
  const find = (params: Tampering['params'] = {}) => shop.call(QUERY, { out_trade_no: 'A1' }, { params })
  t.match((await find()).fields, { code: '40002', sub_code: 'isv.missing-app-cert-sn' })
  const app = { app_cert_sn: '0'.repeat(32) }
  t.match((await find(app)).fields, { sub_code: 'isv.missing-alipay-root-cert-sn' })
  const both = { ...app, alipay_root_cert_sn: '0'.repeat(32) }
  t.match((await find(both)).fields, { sub_code: 'isv.app-cert-not-exist' })
})

t.test('answers go wrong as they are told to', async (t) => {
  const shop = await openShopAlipay(t)
  await shop.order('A1')
  const { faults } = shop.platforms
  const meets = (fault: Parameters<typeof faults.next>[1]) => {
    faults.next(QUERY, fault)
    return shop.call(QUERY, { out_trade_no: 'A1' })
  }
  t.match(await meets('busy'), { isSigned: true, fields: { code: '20000', sub_code: 'isp.unknow-error' } })
  t.match(await meets('busy-acted'), {
    isSigned: true,
    fields: { code: '40004', sub_code: 'ACQ.SYSTEM_ERROR' },
  })
  t.match(await meets('forged'), { isSigned: false, fields: { total_amount: '19.99' } })
  t.match(await meets('downgraded'), { isSigned: false, fields: { total_amount: '19.99' } })
  t.match(await meets('wrong-amount'), { isSigned: true, fields: { total_amount: '20.00' } })
  for (const fault of ['unsigned', 'denied'] as const) t.notOk('isSigned' in (await meets(fault)), fault)
  await t.rejects(meets('lost'))
  await t.rejects(meets('html'), /502/)
  await t.rejects(meets('truncated'))
  t.match(await shop.call(QUERY, { out_trade_no: 'A1' }), { isSigned: true, fields: { code: '10000' } })
  t.throws(() => faults.next(QUERY, 'no-funds'), /cannot meet/)
})

t.test('content may be encrypted, and the answer is then', async (t) => {
  const shop = await openShopAlipay(t)
  await shop.order('A1')
  const key = Buffer.from(shop.platforms.alipay.account.aesKey, 'base64')
  const cipher = createCipheriv('aes-128-cbc', key, Buffer.alloc(16))
  const content = cipher.update('{"out_trade_no":"A1"}', 'utf8', 'base64') + cipher.final('base64')
  const encrypted = { biz_content: content, encrypt_type: 'AES' }
  const said = await shop.call(QUERY, undefined, { params: encrypted })
  t.equal(said.isSigned, true)
  const open = createDecipheriv('aes-128-cbc', key, Buffer.alloc(16))
  const text = open.update(String(said.fields.sealed), 'base64', 'utf8') + open.final('utf8')
  t.match(JSON.parse(text), { code: '10000', out_trade_no: 'A1' })
  const wrong = await shop.call(QUERY, undefined, { params: { ...encrypted, biz_content: 'AAAA' } })
  t.match(wrong.fields, { sub_code: 'isv.decryption-error-unknown' })
})

t.test('slashes come escaped, so that whoever writes the answer anew changes it', async (t) => {
  const shop = await openShopAlipay(t)
  const code = { url_param: 'pages/index/index', query_param: 'a=1', describe: 'tea' }
  const said = await shop.call('alipay.open.app.qrcode.create', code)
  t.match(said, { isSigned: true, fields: { qr_code_url: /^http:\/\/127/ } })
  t.match(said.text, 'http:\\/\\/127')
})
