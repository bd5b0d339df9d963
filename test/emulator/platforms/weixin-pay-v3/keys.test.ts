import { X509Certificate } from 'node:crypto'
import t from 'tap'
import { openShopV3, type ShopV3 } from './merchant.js'

interface Listed {
  serial_no: string
  effective_time: string
  expire_time: string
  encrypt_certificate: { algorithm: string; associated_data: string }
}

async function listed(shop: ShopV3): Promise<Listed[]> {
  const { json } = await shop.call('GET', '/v3/certificates')
  return json.data as Listed[]
}

const isKeyId = (serial: string | undefined) => serial?.startsWith('PUB_KEY_ID_') === true

async function paid(shop: ShopV3, number: string): Promise<string | undefined> {
  await shop.order(number)
  await shop.platforms.pay(number)
  return shop.lastNotice().signedBy
}

t.test('a merchant with a public key alone has no certificates', async (t) => {
  const shop = await openShopV3(t)
  const said = await shop.call('GET', '/v3/certificates')
  t.match(said, { status: 404, json: { code: 'RESOURCE_NOT_EXISTS' }, signedBy: /^PUB_KEY_ID_/ })
  t.ok(isKeyId(await paid(shop, 'public-001')))
  t.throws(() => shop.platforms.rotateCertificate(), /no platform certificates/)
  t.strictSame(Object.keys(shop.platforms.platformKeys()).map(isKeyId), [true])
})

t.test('certificates are listed encrypted, vouched for by one of them, and by the authority', async (t) => {
  const shop = await openShopV3(t, { verification: 'certificates' })
  const said = await shop.call('GET', '/v3/certificates')
  const [item] = await listed(shop)
  if (!item) throw new Error('no certificate')
  t.equal(said.signedBy, item.serial_no)
  t.match(item, {
    serial_no: /^[0-9A-F]{40}$/,
    effective_time: '2049-12-31T08:00:00+08:00',
    encrypt_certificate: { algorithm: 'AEAD_AES_256_GCM', associated_data: 'certificate' },
  })
  const certificate = new X509Certificate(shop.opened(item.encrypt_certificate))
  t.equal(certificate.serialNumber, item.serial_no)
  t.equal(Date.parse(certificate.validTo), Date.parse(item.expire_time))
  t.ok(certificate.verify(new X509Certificate(shop.platforms.files.authority).publicKey))
  t.notSame(item.serial_no, shop.platforms.files.serialNo)
  t.equal(await paid(shop, 'certified-1'), item.serial_no)
  const settings = shop.platforms.settings('weixin-v3')
  t.notOk('WEIXIN_PAY_PUBLIC_KEY' in settings)
})

t.test('after a rotation the new certificate signs, the old one is listed until its end', async (t) => {
  const shop = await openShopV3(t, { verification: 'certificates' })
  const first = await paid(shop, 'rotated-01')
  const second = shop.platforms.rotateCertificate()
  t.not(second, first)
  t.equal(await paid(shop, 'rotated-02'), second)
  t.equal((await shop.query('rotated-01')).signedBy, second)
  t.strictSame(
    (await listed(shop)).map(({ serial_no: serial }) => serial),
    [first, second],
  )
  const wish = { headers: { 'wechatpay-serial': String(first) } }
  t.equal((await shop.call('GET', '/v3/certificates', undefined, wish)).signedBy, first, 'asked for by name')
  await shop.clock.advance(6 * 365 * 24 * 3_600_000)
  const [only, ...others] = await listed(shop)
  t.strictSame(others, [])
  t.ok(only && only.serial_no !== first && only.serial_no !== second)
})

t.test('in a migration both sign, and the request says which it understands', async (t) => {
  const shop = await openShopV3(t, { verification: 'both' })
  const serials = Object.keys(shop.platforms.platformKeys())
  t.equal(serials.length, 2)
  const [keyId = '', certificate = ''] = serials
  t.ok(isKeyId(keyId) && !isKeyId(certificate))
  t.equal((await shop.query('nothing-01')).signedBy, certificate)
  for (const wish of serials) {
    const headers = { 'wechatpay-serial': wish }
    t.equal((await shop.call('GET', '/v3/certificates', undefined, { headers })).signedBy, wish)
  }
  const seen = [
    await paid(shop, 'both-00001'),
    await paid(shop, 'both-00002'),
    await paid(shop, 'both-00003'),
  ]
  t.strictSame(seen.map(isKeyId), [false, true, false])
  t.match(shop.platforms.settings('weixin-v3'), { WEIXIN_PAY_PUBLIC_KEY_ID: keyId })
})

t.test('settings are what a V3 deployment needs, and those of both systems go together', async (t) => {
  const { platforms } = await openShopV3(t, { provider: 'weixin-v3' })
  const settings = platforms.settings()
  t.match(settings, {
    WEIXIN_APP_ID: platforms.app.appId,
    WEIXIN_MCH_ID: platforms.merchant.mchId,
    WEIXIN_PAY_V3_KEY: /^[0-9a-f]{32}$/,
    WEIXIN_PAY_SERIAL_NO: /^[0-9A-F]{40}$/,
    WEIXIN_PAY_PUBLIC_KEY_ID: /^PUB_KEY_ID_\d{40}$/,
    WEIXIN_PAY_BASE_URL: platforms.url,
  })
  for (const name of ['WEIXIN_PAY_PRIVATE_KEY', 'WEIXIN_PAY_PUBLIC_KEY']) {
    t.match(Buffer.from(settings[name] ?? '', 'base64').toString(), /^-----BEGIN (PRIVATE|PUBLIC) KEY-----/)
  }
  t.notOk('WEIXIN_PAY_KEY' in settings)
  t.equal(platforms.settings('weixin-v2').WEIXIN_PAY_BASE_URL, platforms.secureUrl)
  t.match(platforms.settings('weixin-v2', 'weixin-v3'), {
    WEIXIN_PAY_KEY: /./,
    WEIXIN_PAY_V3_KEY: /./,
    WEIXIN_PAY_BASE_URL: platforms.secureUrl,
  })
  const asked = await fetch(`${platforms.url}/twin/settings?provider=weixin-v2`)
  t.strictSame(await asked.json(), platforms.settings('weixin-v2'))
  t.match(await (await fetch(`${platforms.url}/twin/settings?provider=paypal`)).json(), {
    error: /weixin-v3/,
  })
})

t.test('rotation and refunds can be steered from outside', async (t) => {
  const shop = await openShopV3(t, { verification: 'certificates' })
  const control = async (path: string, input?: object) => {
    const init = input ? { method: 'POST', body: JSON.stringify(input) } : {}
    return (await fetch(`${shop.platforms.url}/twin/${path}`, init)).json() as Promise<
      Record<string, unknown>
    >
  }
  const { serialNo } = await control('rotate-certificate', {})
  t.ok(String(serialNo) in (await control('platform-keys')))
  await shop.order('control-01')
  await control('pay', { order: 'control-01', coupons: [5, 6] })
  t.match((await shop.query('control-01')).json, { amount: { payer_total: 1988 } })
  await shop.refund('control-01', 'R1', 100)
  t.match(await control('finish-refund', { outRefundNo: 'R1', outcome: 'LOST' }), {
    error: /SUCCESS, CLOSED/,
  })
  t.match(await control('finish-refund', { outRefundNo: 'R1', outcome: 'ABNORMAL' }), {
    refund: { state: 'ABNORMAL' },
    delivery: { state: 'delivered' },
  })
  t.match(await control('finish-refund', { outRefundNo: 'R1' }), { refund: { state: 'SUCCESS' } })
})
