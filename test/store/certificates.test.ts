import t from 'tap'
import { processCertificates, storedCertificates } from '../../shared/certificates/source.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'

/** Whose certificates, and whose one download a minute, are whose. */

const NOW = Date.UTC(2050, 0, 1)
const certificate = {
  provider: 'weixin-v3',
  merchantId: '1',
  serial: 'A',
  pem: '',
  notBefore: 0,
  notAfter: 1,
}

t.test('in a process: of one provider, merchant and address', async (t) => {
  const source = () => processCertificates('weixin-v3', '1', 'https://one.example.com')
  const others = [
    processCertificates('alipay', '1', 'https://one.example.com'),
    processCertificates('weixin-v3', '2', 'https://one.example.com'),
    processCertificates('weixin-v3', '1', 'https://two.example.com'),
  ]
  await source().put(certificate)
  t.ok(await source().takeDownload(NOW))
  t.strictSame(await source().list(), [certificate])
  t.notOk(await source().takeDownload(NOW + 59_999))
  for (const other of others) {
    t.strictSame(await other.list(), [])
    t.ok(await other.takeDownload(NOW))
  }
  t.ok(await source().takeDownload(NOW + 60_000))
})

t.test('in a store: of one provider and merchant', async (t) => {
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const source = (provider: string, merchantId: string) =>
    storedCertificates(async () => store, provider, merchantId)
  await source('weixin-v3', '1').put(certificate)
  t.ok(await source('weixin-v3', '1').takeDownload(NOW))
  t.match(await source('weixin-v3', '1').list(), [certificate])
  t.notOk(await source('weixin-v3', '1').takeDownload(NOW + 59_999))
  for (const other of [source('alipay', '1'), source('weixin-v3', '2')]) {
    t.strictSame(await other.list(), [])
    t.ok(await other.takeDownload(NOW))
  }
  t.ok(await source('weixin-v3', '1').takeDownload(NOW + 60_000))
})
