import t, { type Test } from 'tap'
import { type SignatureProblem, verifySignature } from '../../shared/alipay/keys/verifySignature.js'
import type { AlipayApp } from '../../shared/config/alipayApp.js'
import { fen } from '../../shared/money.js'
import { alipay } from '../../shared/payment/alipay/index.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import type { Store } from '../../shared/store/port.js'
import type { LocalPlatforms } from '../../tools/emulator/platforms/index.js'
import { openShopAlipay } from '../emulator/platforms/alipay/merchant.js'
import { keyApp, signWith, stranger, testDependencies } from './fixtures.js'

/** The local Alipay changes its certificate under a deployment of several instances, some of which have just begun. */

interface Instance {
  app: AlipayApp
  /** An answer of Alipay's, which names its certificate. */
  ask(): Promise<unknown>
  /** The notice of a payment in an app, which names none: nobody has to ask Alipay anything before it comes. */
  hear(): Promise<object>
  hearForged(): Promise<object>
  /** What `my.getPhoneNumber` gave a page. */
  open(): Promise<SignatureProblem | undefined>
}

interface Deployment {
  platforms: LocalPlatforms
  store: Store
  instance(): Instance
  /** How often Alipay was asked for certificates. */
  downloads(): number
  pass(ms: number): Promise<void>
}

let counted = 0

async function deployed(t: Test, hasStore = true): Promise<Deployment> {
  const { platforms, clock, merchant } = await openShopAlipay(t, { alipay: { verification: 'certificates' } })
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const { console: files, account } = platforms.alipay
  const dependencies = {
    ...{ ...testDependencies(), clock: { ...clock, sleep: async () => undefined } },
    hasStore,
    store: async () => {
      if (hasStore) return store
      throw new Error('there is none')
    },
  }
  const instance = (): Instance => {
    counted += 1
    const name = `I${counted}`
    // What a process has met goes by the texts of its settings; these are nobody else's.
    const root = `${name}\n${files.rootCert}`
    const app = keyApp({
      ...{ appId: account.appId, sellerId: account.sellerId, privateKey: files.privateKey },
      ...{ publicKey: undefined, certificates: { app: files.appCert, alipay: files.alipayCert, root } },
      gateway: `${platforms.url}/gateway.do`,
    })
    const provider = alipay(app, dependencies)
    const read = (body: string) =>
      provider.readNotice({
        ...{ method: 'POST', path: '/', query: {}, rawBody: Buffer.from(body) },
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      })
    let paid = 0
    return {
      app,
      ask: () => provider.orderQuery({ outTradeNo: 'nothing' }),
      async hear() {
        paid += 1
        const orderInfo = await provider.getOrderInfo({
          ...{ scene: 'app', appId: app.appId, outTradeNo: `${name}_${paid}`, totalFee: fen(1999) },
          ...{ currency: 'CNY', body: 'tea', notifyUrl: merchant.notifyUrl, payerIp: '127.0.0.1' },
        })
        await platforms.requestPayment(orderInfo)
        return read(merchant.received.at(-1)?.body ?? '')
      },
      hearForged: () =>
        read(new URLSearchParams({ app_id: app.appId, sign: signWith(stranger.privateKey, '') }).toString()),
      async open() {
        const { response, sign } = platforms.alipay.phoneNumber('alice')
        return verifySignature(
          { app, dependencies: dependencies },
          { sign, texts: [`"${response}"`], from: 'call' },
        )
      },
    }
  }
  return {
    ...{ platforms, store, instance, pass: (ms) => clock.advance(ms) },
    downloads: () =>
      platforms.requests.filter(({ api }) => api === 'alipay.open.app.alipaycert.download').length,
  }
}

t.test('what one instance has learnt, one that has just begun knows', async (t) => {
  const { platforms, store, instance, downloads } = await deployed(t)
  const certSn = platforms.alipay.rotateCertificate()
  const first = instance()
  t.equal(await first.ask(), undefined, 'an authentic answer: there is no such order')
  t.equal(downloads(), 1)
  const [kept] = await store.certificates.list('alipay', first.app.appId)
  t.match(kept, { serial: certSn, pem: /^-----BEGIN CERTIFICATE-----/ })
  t.ok(kept && kept.notBefore < kept.notAfter)
  t.equal(await instance().ask(), undefined)
  t.match(await instance().hear(), { authentic: true })
  t.equal(await instance().open(), undefined)
  t.equal(downloads(), 1, 'nobody asked again')
})

t.test('a notice, or a phone number, may be the first to be signed with a new certificate', async (t) => {
  const { platforms, instance, downloads, pass } = await deployed(t)
  platforms.alipay.rotateCertificate()
  t.match(await instance().hear(), { authentic: true })
  t.equal(downloads(), 2, 'who signs now, and with what')
  platforms.alipay.rotateCertificate()
  await pass(60_000)
  t.equal(await instance().open(), undefined)
  t.equal(downloads(), 4)
})

t.test('forgeries, however many, cost one question a minute and hide no new certificate', async (t) => {
  const { platforms, instance, downloads, pass } = await deployed(t)
  platforms.alipay.rotateCertificate()
  for (let i = 0; i < 5; i++) t.match(await instance().hearForged(), { authentic: false })
  t.equal(downloads(), 2, 'all instances together')
  t.match(await instance().hear(), { authentic: true }, 'the question was taken, its answer is there')
  t.equal(downloads(), 2)
  platforms.alipay.rotateCertificate()
  t.match(await instance().hear(), { authentic: false, reason: 'signature wrong' }, 'a minute at most')
  await pass(60_000)
  t.match(await instance().hear(), { authentic: true })
})

t.test('without a store each process learns for itself', async (t) => {
  const { platforms, store, instance, downloads } = await deployed(t, false)
  platforms.alipay.rotateCertificate()
  const one = instance()
  t.match(await one.hear(), { authentic: true })
  t.match(await one.hear(), { authentic: true })
  t.equal(downloads(), 2)
  t.strictSame(await store.certificates.list('alipay', one.app.appId), [])
})

t.test('while the store is down, what Alipay answers is still believed', async (t) => {
  const { platforms, store, instance, downloads } = await deployed(t)
  platforms.alipay.rotateCertificate()
  const down = () => Promise.reject(new Error('down'))
  Object.assign(store.certificates, { list: down, put: down })
  const one = instance()
  t.equal(await one.ask(), undefined)
  t.equal(await one.ask(), undefined)
  t.equal(downloads(), 1)
  t.match(await instance().hear(), { authentic: true })
})
