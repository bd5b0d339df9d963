import { createPrivateKey, createPublicKey } from 'node:crypto'
import t, { type Test } from 'tap'
import { gbkBytes } from '../../shared/diagnosis/charsets.js'
import { currentHost } from '../../shared/runtime/host.js'
import { readFlatXml } from '../../shared/xml/flatXml.js'
import { secretTexts } from '../../tools/doctor/doctor.js'
import { newKeyPair } from '../../tools/emulator/platforms/certificates/index.js'
import { startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import type { Fields } from '../payment/house.js'
import { ORDER_NO, openShop, type Provider, patiently, type Shop } from '../payment/shop.js'
import { type Message, signed, xml } from '../payment/weixin-v2/message.js'
import type { Reply } from '../support/network/send.js'
import { proxyTo, type Relay } from './proxy.js'

/** What makes an answer's signature fail, over real sockets, and what the log then says of it. */

t.setTimeout(120_000)

interface Fault {
  finds: string
  /** Of the settings, by what they are. */
  env?: (env: Record<string, string>) => Record<string, string>
  onTheWay?: (reply: Reply, env: Record<string, string>) => Partial<Reply>
  /** Of the body's text alone. */
  text?: (text: string) => string | Buffer
  /** Milliseconds by which our clock goes wrong. */
  late?: number
}

const latin1 = (text: string): Buffer => Buffer.from(Buffer.from(text).toString('latin1'))
const gbk = (text: string): Buffer => gbkBytes(text) ?? Buffer.alloc(0)
const entities = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('"', '&quot;')
const lost = (text: string): string =>
  Buffer.from(text)
    .toString('ascii')
    .replaceAll(/[^ -~]/g, '\ufffd')
const base64 = (text: string): string => Buffer.from(text).toString('base64')
const pretty = (text: string): string => JSON.stringify(JSON.parse(text), null, 2)
const without = (names: RegExp) => (reply: Reply) => ({
  headers: Object.fromEntries(Object.entries(reply.headers).filter(([name]) => !names.test(name))),
})

/** The values of a V2 answer changed by `change`, and signed anew under the settings where that is asked for. */
const changed =
  (change: (fields: Message) => Message, sign = (fields: Message, _key: string) => fields) =>
  ({ body }: Reply, env: Record<string, string>) => ({
    body: Buffer.from(
      xml(change(sign(Object.fromEntries(readFlatXml(String(body))), env.WEIXIN_PAY_KEY ?? ''))),
    ),
  })
const same = (fields: Message): Message => fields
const V3_KEY = 'fedcba9876543210fedcba9876543210'
const ofNobody = newKeyPair().publicKey.export({ type: 'spki', format: 'pem' }).toString()

const inV2: Record<string, Fault> = {
  'the other algorithm': {
    finds: 'other algorithm',
    onTheWay: changed(same, (fields, key) => signed(fields, 'HMAC-SHA256', key)),
  },
  'another key': { finds: 'other key', onTheWay: changed(same, (f) => signed(f, 'MD5', '0'.repeat(32))) },
  'the key of V3': {
    finds: 'V3 key for V2',
    env: (env) => ({ ...env, ...v3Of(env) }),
    onTheWay: changed(same, (fields) => signed(fields, 'MD5', V3_KEY)),
  },
  'small letters in the signature': {
    finds: 'letter case',
    onTheWay: changed((fields) => ({ ...fields, sign: fields.sign?.toLowerCase() })),
  },
  'a value without its end': {
    finds: 'ends trimmed',
    onTheWay: changed(
      (fields) => ({ ...fields, attach: 'x' }),
      (fields, key) => signed({ ...fields, attach: 'x ' }, 'MD5', key),
    ),
  },
  'line ends in a value': {
    finds: 'line ends changed',
    onTheWay: changed(
      (fields) => ({ ...fields, attach: 'x\ny' }),
      (fields, key) => signed({ ...fields, attach: 'x\r\ny' }, 'MD5', key),
    ),
  },
  'a plus sign made a space': {
    finds: 'double decoding',
    onTheWay: changed(
      (fields) => ({ ...fields, attach: 'x y' }),
      (fields, key) => signed({ ...fields, attach: 'x+y' }, 'MD5', key),
    ),
  },
  'entities in a value': {
    finds: 'HTML entities',
    onTheWay: changed(
      (fields) => ({ ...fields, attach: '&quot;x&quot;' }),
      (fields, key) => signed({ ...fields, attach: '"x"' }, 'MD5', key),
    ),
  },
  'values read as Latin-1': { finds: 'wrong charset', text: latin1 },
  'made GBK': { finds: 'wrong charset', text: gbk },
  'bytes lost': { finds: 'bytes lost', text: lost },
  'base64 that nobody announced': { finds: 'base64 not undone', text: base64 },
  'all of it escaped': { finds: 'HTML entities', text: entities },
  'made JSON': {
    finds: 're-serialised JSON',
    text: (text) => JSON.stringify(Object.fromEntries(readFlatXml(text))),
  },
}

/** The settings of V3 beside those of V2, for a merchant who has both. */
const v3Of = (env: Record<string, string>): Record<string, string> => ({
  WEIXIN_PAY_V3_KEY: V3_KEY,
  WEIXIN_PAY_SERIAL_NO: '5'.repeat(40),
  WEIXIN_PAY_PRIVATE_KEY: env.WEIXIN_PAY_CERT_KEY ?? '',
})

const OTHER_ID = 'PUB_KEY_ID_0000000000000000000000000000000007'

const inV3: Record<string, Fault> = {
  "another platform's key": {
    finds: 'other key',
    env: (env) => ({ ...env, WEIXIN_PAY_PUBLIC_KEY: ofNobody }),
  },
  'the key under another id': {
    finds: 'wrong serial',
    env: (env) => ({ ...env, WEIXIN_PAY_PUBLIC_KEY_ID: OTHER_ID }),
  },
  'both wrong': {
    finds: 'unknown serial',
    env: (env) => ({ ...env, WEIXIN_PAY_PUBLIC_KEY_ID: OTHER_ID, WEIXIN_PAY_PUBLIC_KEY: ofNobody }),
  },
  'our clock an hour late': { finds: 'clock off', late: -3_600_000 },
  'our clock an hour early': { finds: 'clock off', late: 3_600_000 },
  'written anew': { finds: 're-serialised JSON', text: pretty },
  'an end added': { finds: 'ends trimmed', text: (text) => `${text} ` },
  entities: { finds: 'HTML entities', text: entities },
  'read as Latin-1': { finds: 'wrong charset', text: latin1 },
  'made GBK': { finds: 'wrong charset', text: gbk },
  'bytes lost': { finds: 'bytes lost', text: lost },
  base64: { finds: 'base64 not undone', text: base64 },
  'percent-encoded': { finds: 'double decoding', text: encodeURIComponent },
  'another amount': { finds: 'changed on the way', text: (text) => text.replaceAll('1999', '1') },
  'one header lost': { finds: 'headers lost', onTheWay: without(/^wechatpay-nonce$/) },
  'all headers lost': { finds: 'headers lost', onTheWay: without(/^wechatpay-/) },
}

const publicOf = (privateKey = ''): string =>
  createPublicKey(createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' }))
    .export({ type: 'spki', format: 'pem' })
    .toString()

const inAlipay: Record<string, Fault> = {
  "the application's own key in the place of Alipay's": {
    finds: 'application key for the Alipay key',
    env: (env) => ({ ...env, ALIPAY_PUBLIC_KEY: publicOf(env.ALIPAY_PRIVATE_KEY) }),
  },
  "a stranger's key": { finds: 'other key', env: (env) => ({ ...env, ALIPAY_PUBLIC_KEY: ofNobody }) },
  'written anew': { finds: 're-serialised JSON', text: pretty },
  'read as Latin-1': { finds: 'wrong charset', text: latin1 },
  'made GBK': { finds: 'wrong charset', text: gbk },
  'bytes lost': { finds: 'bytes lost', text: lost },
  'another code': { finds: 'changed on the way', text: (text) => text.replace('40004', '10000') },
}

type Asking = Shop & { proxy: Relay; env: Record<string, string>; number: string }

/** One query, and what its log line says of the call upstream. */
async function asked(shop: Asking, { env = (given) => given, onTheWay, text, late = 0 }: Fault) {
  const { house, proxy } = shop
  Object.assign(house.env, env(shop.env))
  proxy.change = (reply) =>
    onTheWay?.(reply, shop.env) ?? (text ? { body: Buffer.from(text(String(reply.body)) as Buffer) } : {})
  const ours = { ...house.clock, now: () => house.clock.now() + late }
  Object.assign(currentHost(), { clock: ours })
  const answer = await patiently(shop, house.server('orderQuery', { outTradeNo: shop.number }))
  for (const name of Object.keys(env(shop.env))) house.env[name] = shop.env[name]
  const line = house.log.at(-1) as Fields
  return { answer, line, calls: (line.upstream ?? []) as Fields[] }
}

const tables: [Provider, string, Record<string, Fault>][] = [
  ['weixin-v2', ORDER_NO, inV2],
  ['weixin-v3', ORDER_NO, inV3],
  ['alipay', 'T20509999', inAlipay],
]

async function openAsking(t: Test, provider: Provider, number: string): Promise<Asking> {
  const shop = await openShop(t, provider)
  await shop.pay()
  const proxy = await proxyTo(t, shop.platforms.url)
  const { env } = shop.house
  Object.assign(env, { WEIXIN_PAY_BASE_URL: proxy.url, ALIPAY_GATEWAY_URL: `${proxy.url}/gateway.do` })
  return { ...shop, proxy, env: { ...env } as Record<string, string>, number }
}

for (const [provider, number, faults] of tables) {
  t.test(provider, async (t) => {
    const shop = await openAsking(t, provider, number)
    const healthy = await asked(shop, { finds: 'nothing' })
    t.equal(healthy.calls.length, 1)
    t.notMatch(JSON.stringify(healthy.line), /finding|remedy/, 'of a healthy answer nothing is said')
    for (const [name, fault] of Object.entries(faults)) {
      const { answer, line, calls } = await asked(shop, fault)
      t.match(answer, { errCode: 'UNVERIFIED_ANSWER' }, name)
      t.match(calls.at(-1), { finding: fault.finds, remedy: /\(.*\p{Script=Han}.*\)$/u }, name)
      t.notOk(
        JSON.stringify(answer).includes(String(calls.at(-1)?.remedy)),
        `${name}: the caller is not told`,
      )
      const shown = secretTexts(fault.env?.(shop.env) ?? shop.env).filter((secret) =>
        JSON.stringify(line).includes(secret),
      )
      t.strictSame(shown, [], `${name}: no secret is logged`)
      await shop.house.clock.advance(60_000)
    }
  })
}

t.test("V2's key in the place of V3's: platform certificates do not open", async (t) => {
  const shop = await openShop(t, 'weixin-v3')
  const platforms = await startLocalPlatforms({ clock: shop.house.clock, verification: 'certificates' })
  t.teardown(() => platforms.close())
  const { WEIXIN_PAY_V3_KEY: right = '', ...env } = platforms.settings('weixin-v3')
  const query = async (keys: Record<string, string>) => {
    const without = { WEIXIN_PAY_PUBLIC_KEY_ID: undefined, WEIXIN_PAY_PUBLIC_KEY: undefined }
    Object.assign(shop.house.env, without, env, keys)
    await patiently(shop, shop.house.server('orderQuery', { outTradeNo: ORDER_NO }))
    await shop.house.clock.advance(60_000)
    return (shop.house.log.at(-1)?.upstream ?? []) as Fields[]
  }
  const refused = { api: '/v3/certificates', code: 'CERTIFICATE_REFUSED' }
  const twice = await query({ WEIXIN_PAY_V3_KEY: V3_KEY, WEIXIN_PAY_KEY: V3_KEY })
  t.match(twice, [{ ...refused, finding: 'V2 key for V3' }])
  const swapped = await query({ WEIXIN_PAY_V3_KEY: V3_KEY, WEIXIN_PAY_KEY: right })
  t.match(swapped, [{ ...refused, finding: 'V2 key for V3' }])
  const neither = await query({ WEIXIN_PAY_V3_KEY: V3_KEY, WEIXIN_PAY_KEY: '0'.repeat(32) })
  t.match(neither, [{ ...refused, finding: 'other key' }])
  t.notMatch(JSON.stringify(await query({ WEIXIN_PAY_V3_KEY: right })), /finding/)
})
