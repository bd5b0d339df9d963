import tls from 'node:tls'
import forge from 'node-forge'
import t from 'tap'
import { issue, keyPair, privatePem } from '../../../../tools/emulator/platforms/certificates/index.js'
import { readXml, writeXml } from '../../../../tools/emulator/platforms/weixin-pay-v2/xml.js'
import { send, type TlsClient } from '../../../support/network/send.js'
import { openShop, type Shop } from '../weixin-pay-v2/merchant.js'

const CERTIFIED = ['/secapi/pay/refund', '/pay/downloadfundflow']

/** A message that the endpoint would read and refuse. */
const unsigned = ({ platforms }: Shop) => writeXml({ mch_id: platforms.merchant.mchId, sign: 'wrong' })

async function knock(shop: Shop, path: string, client: TlsClient) {
  const { status, body } = await send(`${shop.platforms.secureUrl}${path}`, {
    ...client,
    body: unsigned(shop),
  })
  return { status, body: body.toString() }
}

t.test('without a certificate the web server answers, and not the API', async (t) => {
  const shop = await openShop(t)
  const { authority: ca } = shop.platforms.files
  for (const path of CERTIFIED) {
    const page = { status: 400, body: /<html>[\s\S]*No required SSL certificate was sent/ }
    t.match(await knock(shop, path, { ca }), page)
    const plain = await send(`${shop.platforms.url}${path}`, { body: unsigned(shop) })
    t.match({ ...plain, body: plain.body.toString() }, page, 'plain http has none either')
  }
  t.match(readXml((await knock(shop, '/pay/orderquery', { ca })).body), { return_code: 'FAIL' })
})

t.test('with its certificate the merchant gets through', async (t) => {
  const shop = await openShop(t)
  const { authority: ca, cert, key } = shop.platforms.files
  const passphrase = shop.platforms.merchant.mchId
  for (const path of CERTIFIED) {
    for (const client of [
      { cert, key },
      { pfx: shop.platforms.files.pfx(), passphrase },
    ]) {
      const { status, body } = await knock(shop, path, { ca, ...client })
      t.equal(status, 200)
      t.match(readXml(body), { return_code: 'FAIL', return_msg: /签名错误/ })
    }
  }
  t.equal(shop.platforms.requests.at(-1)?.certified, passphrase)
})

t.test('a stranger with a certificate of his own does not', async (t) => {
  const shop = await openShop(t)
  const { authority: ca, cert } = shop.platforms.files
  const keys = keyPair('stranger')
  const stranger = forge.pki.certificateFromPem(cert)
  stranger.publicKey = forge.pki.publicKeyFromPem(
    keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  )
  stranger.sign(forge.pki.privateKeyFromPem(privatePem(keys)), forge.md.sha256.create())
  const client = { ca, cert: forge.pki.certificateToPem(stranger), key: privatePem(keys) }
  t.match(await knock(shop, '/secapi/pay/refund', client), { status: 400, body: /<html>/ })
})

t.test('another merchant of the same authority is told that it is the wrong one', async (t) => {
  const shop = await openShop(t)
  const keys = keyPair('other merchant')
  const cert = issue({ name: '1900000108', serialNo: '5'.repeat(40), keys })
  const { body } = await shop.post('/secapi/pay/refund', {})
  t.match(readXml(body.toString()), { err_code: 'LACK_PARAMS' })
  const { body: wrong } = await send(`${shop.platforms.secureUrl}/secapi/pay/refund`, {
    ca: shop.platforms.files.authority,
    cert,
    key: privatePem(keys),
    body: shop.platforms.requests.at(-1)?.body ?? '',
  })
  t.match(readXml(wrong.toString()), { result_code: 'FAIL', err_code: 'CERT_ERROR' })
})

t.test('nobody trusts the local platforms who was not told to', async (t) => {
  const { platforms } = await openShop(t)
  await t.rejects(send(`${platforms.secureUrl}/pay/orderquery`), /self-signed|unable to verify/)
  t.match(await send(`${platforms.secureUrl}/twin`, { method: 'GET', ca: platforms.files.authority }), {
    status: 200,
  })
})

t.test('a resumed session without a certificate does not count as one', async (t) => {
  const shop = await openShop(t)
  const { authority: ca } = shop.platforms.files
  const port = Number(new URL(shop.platforms.secureUrl).port)
  const first = tls.connect({ port, host: '127.0.0.1', ca })
  const session = await new Promise<Buffer>((resolve) => first.once('session', resolve))
  first.destroy()
  const second = tls.connect({ port, host: '127.0.0.1', ca, session })
  await new Promise((resolve) => second.once('secureConnect', resolve))
  t.ok(second.isSessionReused())
  const body = unsigned(shop)
  second.write(
    `POST /secapi/pay/refund HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  let answer = ''
  for await (const part of second) answer += part
  t.match(answer, /^HTTP\/1\.1 400 [\s\S]*No required SSL certificate/)
})

t.test(
  "the merchant's old file is as WeChat's own: unreadable to OpenSSL 3, and to be read all the same",
  async (t) => {
    const shop = await openShop(t)
    const passphrase = shop.platforms.merchant.mchId
    const pfx = shop.platforms.files.pfx('rc2')
    t.throws(() => tls.createSecureContext({ pfx, passphrase }), /Unsupported PKCS12 PFX data/)
    const file = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(pfx.toString('latin1')), passphrase)
    t.strictSame(
      file.safeContents.map(({ encrypted }) => encrypted),
      [true, false],
      'the certificate is encrypted, too',
    )
    const bag = (type: string | undefined) => file.getBags({ bagType: type ?? '' })[type ?? '']?.[0]
    const { certBag, pkcs8ShroudedKeyBag } = forge.pki.oids
    const certificate = bag(certBag)?.cert
    const key = bag(pkcs8ShroudedKeyBag)?.key
    if (!certificate || !key) throw new Error('no certificate or key in the file')
    const client = {
      ca: shop.platforms.files.authority,
      cert: forge.pki.certificateToPem(certificate),
      key: forge.pki.privateKeyToPem(key),
    }
    t.match(readXml((await knock(shop, '/secapi/pay/refund', client)).body), { return_msg: /签名错误/ })
    t.throws(
      () => forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(pfx.toString('latin1')), '1900000108'),
      /MAC/,
    )
  },
)
