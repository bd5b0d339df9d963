import t from 'tap'
import { KEY, MCH_ID, type NoticeWay, openHouse } from '../house.js'
import { type Message, paid, sign, signed, signedXml, xml } from './message.js'

/** One row per attack or accident: what arrives, how, and the reason that only the log gets to know. */
interface Row {
  name: string
  body: string | Buffer
  why: string
  way?: NoticeWay
}

const good = signedXml(paid())
const MB = 1024 * 1024

const withFields = (extra: string, message: Message = paid()) =>
  xml(signed(message)).replace('</xml>', `${extra}</xml>`)

const signature: Row[] = [
  { name: 'no signature', body: xml(paid()), why: 'signature missing' },
  { name: 'an empty signature', body: xml({ ...paid(), sign: '' }), why: 'signature missing' },
  { name: 'a wrong signature', body: xml({ ...paid(), sign: 'F'.repeat(32) }), why: 'signature wrong' },
  {
    name: 'a lower-case signature',
    body: xml({ ...paid(), sign: sign(paid()).toLowerCase() }),
    why: 'signature wrong',
  },
  {
    name: 'a signature with a space',
    body: xml({ ...paid(), sign: `${sign(paid())} ` }),
    why: 'signature wrong',
  },
  {
    name: 'half a signature',
    body: xml({ ...paid(), sign: sign(paid()).slice(0, 16) }),
    why: 'signature wrong',
  },
  { name: 'another key', body: xml(signed(paid(), 'MD5', KEY.replace('0', '1'))), why: 'signature wrong' },
  { name: 'an empty key', body: xml(signed(paid(), 'MD5', '')), why: 'signature wrong' },
  { name: 'the key "undefined"', body: xml(signed(paid(), 'MD5', 'undefined')), why: 'signature wrong' },
  { name: 'the other algorithm', body: signedXml(paid(), 'HMAC-SHA256'), why: 'signature wrong' },
  {
    name: 'the other algorithm, declared',
    body: signedXml(paid({ sign_type: 'HMAC-SHA256' }), 'HMAC-SHA256'),
    why: 'signature type not ours',
  },
  {
    name: 'an unknown algorithm',
    body: signedXml(paid({ sign_type: 'NONE' })),
    why: 'signature type not ours',
  },
  {
    name: 'a changed amount',
    body: good.replace('<total_fee>1999<', '<total_fee>1<'),
    why: 'signature wrong',
  },
  { name: 'a changed order', body: good.replace('T20500101', 'T20500102'), why: 'signature wrong' },
  {
    name: 'a changed space',
    body: good.replace('<![CDATA[OTHERS]]>', '<![CDATA[OTHERS ]]>'),
    why: 'signature wrong',
  },
  { name: 'a field added', body: withFields('<extra>1</extra>'), why: 'signature wrong' },
  {
    name: 'a field removed',
    body: good.replace('<is_subscribe><![CDATA[N]]></is_subscribe>', ''),
    why: 'signature wrong',
  },
  { name: '__proto__ added', body: withFields('<__proto__>1</__proto__>'), why: 'signature wrong' },
  { name: 'constructor added', body: withFields('<constructor>1</constructor>'), why: 'signature wrong' },
]

const speaker: Row[] = [
  {
    name: 'an unsigned FAIL',
    body: xml({ return_code: 'FAIL', return_msg: 'x' }),
    why: 'not a success message',
  },
  { name: 'a signed FAIL', body: signedXml(paid({ return_code: 'FAIL' })), why: 'not a success message' },
  { name: 'no return_code', body: signedXml(paid({ return_code: undefined })), why: 'not a success message' },
  { name: 'another merchant', body: signedXml(paid({ mch_id: '1900000110' })), why: 'other merchant' },
  { name: 'no merchant', body: signedXml(paid({ mch_id: undefined })), why: 'other merchant' },
  {
    name: "another merchant's app",
    body: signedXml(paid({ appid: 'wx00000000000000ff' })),
    why: 'other app',
  },
  { name: 'no app', body: signedXml(paid({ appid: undefined })), why: 'other app' },
  {
    name: 'a refund notice that holds nothing',
    body: xml({ return_code: 'SUCCESS', mch_id: MCH_ID, req_info: 'AAAA' }),
    why: 'not decryptable',
  },
  { name: 'no number', body: signedXml(paid({ transaction_id: undefined })), why: 'incomplete' },
  { name: 'no order number', body: signedXml(paid({ out_trade_no: undefined })), why: 'incomplete' },
  { name: 'no amount', body: signedXml(paid({ total_fee: undefined })), why: 'incomplete' },
  { name: 'an amount with a point', body: signedXml(paid({ total_fee: '19.99' })), why: 'incomplete' },
  { name: 'a negative amount', body: signedXml(paid({ total_fee: '-1999' })), why: 'incomplete' },
  { name: 'an amount in words', body: signedXml(paid({ total_fee: 'NaN' })), why: 'incomplete' },
  { name: 'an amount beyond all', body: signedXml(paid({ total_fee: '9'.repeat(40) })), why: 'incomplete' },
]

const form: Row[] = [
  { name: 'nothing', body: '', why: 'empty' },
  { name: 'a megabyte of nothing', body: ' '.repeat(MB), why: 'too large' },
  { name: 'a megabyte in a field', body: withFields(`<a>${'1'.repeat(MB)}</a>`), why: 'too large' },
  { name: 'a megabyte of fields', body: withFields('<a/>'.repeat(MB / 4)), why: 'too large' },
  { name: 'cut in the middle', body: good.slice(0, good.length / 2), why: 'malformed' },
  { name: 'the last character missing', body: good.slice(0, -1), why: 'malformed' },
  { name: 'JSON', body: JSON.stringify(signed(paid())), why: 'malformed' },
  {
    name: 'a form',
    body: new URLSearchParams(signed(paid()) as Record<string, string>).toString(),
    why: 'malformed',
  },
  { name: 'HTML', body: '<html><body>404</body></html>', why: 'malformed' },
  { name: 'NULs', body: Buffer.alloc(1000), why: 'malformed' },
  {
    name: 'not UTF-8',
    body: Buffer.concat([Buffer.from(good), Buffer.from([0xff])]),
    why: 'malformed',
    way: { base64: true },
  },
  { name: 'UTF-16', body: Buffer.from(good, 'utf16le'), why: 'malformed', way: { base64: true } },
  { name: 'base64 that nobody announced', body: Buffer.from(good).toString('base64'), why: 'malformed' },
  {
    name: 'base64 twice',
    body: Buffer.from(good).toString('base64'),
    why: 'malformed',
    way: { base64: true },
  },
  { name: 'DOCTYPE', body: `<!DOCTYPE xml>${good}`, why: 'malformed' },
  {
    name: 'an external entity',
    body: `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${good}`,
    why: 'malformed',
  },
  {
    name: 'an entity bomb',
    body: `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><xml><a>&b;</a></xml>`,
    why: 'malformed',
  },
  {
    name: 'deep nesting',
    body: `<xml>${'<a>'.repeat(10_000)}${'</a>'.repeat(8_000)}</xml>`,
    why: 'malformed',
  },
  { name: 'a duplicated field', body: withFields('<total_fee>1999</total_fee>'), why: 'malformed' },
  { name: 'a duplicated signature', body: withFields(`<sign>${sign(paid())}</sign>`), why: 'malformed' },
  { name: 'an attribute', body: good.replace('<total_fee>', '<total_fee x="1">'), why: 'malformed' },
  { name: 'a comment in the amount', body: good.replace('1999<', '19<!-- -->99<'), why: 'malformed' },
  { name: 'two documents', body: good + good, why: 'malformed' },
]

const address: Row[] = [
  { name: 'no address', body: good, why: 'unknown address', way: { path: '/' } },
  {
    name: 'another merchant in the path',
    body: good,
    why: 'unknown address',
    way: { path: '/weixin-v2/1900000110' },
  },
  { name: 'a provider of no one', body: good, why: 'unknown address', way: { path: `/paypal/${MCH_ID}` } },
  {
    name: 'a provider named as a method',
    body: good,
    why: 'unknown address',
    way: { path: `/constructor/${MCH_ID}` },
  },
  {
    name: 'a path that climbs',
    body: good,
    why: 'unknown address',
    way: { path: `/weixin-v2/${MCH_ID}/..` },
  },
]

t.test('nothing forged, broken or foreign moves anything, and the sender learns nothing', async (t) => {
  const house = await openHouse(t)
  await house.server('createOrder', {
    outTradeNo: 'T20500101',
    totalFee: 1999,
    body: 'tea',
    openid: 'oAlice',
  })
  const before = await house.order('T20500101')
  const answers = new Set<string>()
  for (const { name, body, why, way } of [...signature, ...speaker, ...form, ...address]) {
    house.log.length = 0
    const answer = await house.notice(body, way)
    if (!/^(\/|\/paypal.*|\/constructor.*|.*\.\.)$/.test(way?.path ?? '')) answers.add(JSON.stringify(answer))
    t.notMatch(answer.body, /SUCCESS/, name)
    t.match(
      house.log,
      [{ errCode: 'NOTICE_REFUSED', notes: [{ event: 'payment.noticeRefused', reason: why }] }],
      name,
    )
  }
  t.strictSame(
    [...answers],
    [
      JSON.stringify({
        status: 200,
        body: '<xml><return_code>FAIL</return_code><return_msg>FAIL</return_msg></xml>',
      }),
    ],
  )
  t.strictSame(await house.order('T20500101'), before, 'the order was not touched')
  t.strictSame(await house.store.events.due(house.clock.now(), 10), [], 'nobody was told anything')
  t.match(
    await house.notice(good),
    { status: 200, body: /SUCCESS/ },
    'and the genuine notice still comes through',
  )
  t.equal((await house.order('T20500101')).state, 'PAID')
})

t.test('every way a genuine notice may be written', async (t) => {
  const text = '支付 & <b> "quoted" \'too\' ]]> 😀'
  const genuine: Row[] = [
    { name: 'plain', body: good, why: '' },
    { name: 'base64', body: good, why: '', way: { base64: true } },
    { name: 'a BOM in front', body: `\ufeff${good}`, why: '' },
    { name: 'a declaration', body: `<?xml version="1.0" encoding="UTF-8"?>\n${good}\n`, why: '' },
    { name: 'CDATA over lines', body: signedXml(paid({ attach: 'one\ntwo' })), why: '' },
    {
      name: 'line ends changed on the way',
      body: signedXml(paid({ attach: 'one\ntwo' })).replaceAll('\n', '\r\n'),
      why: '',
    },
    { name: 'markup in CDATA', body: signedXml(paid({ attach: text })), why: '' },
    {
      name: 'entities instead of CDATA',
      body: signedXml(paid({ attach: 'ATTACH' }))
        .replace(sign(paid({ attach: 'ATTACH' })), sign(paid({ attach: 'a&b <c> A' })))
        .replace('<![CDATA[ATTACH]]>', 'a&amp;b &lt;c&gt; &#65;'),
      why: '',
    },
    { name: 'spaces at the edges', body: signedXml(paid({ attach: '  x  ' })), why: '' },
    {
      name: 'fields nobody has heard of',
      body: signedXml(paid({ promotion_detail: '{"a":[1]}', new_field: '0' })),
      why: '',
    },
    {
      name: '__proto__ and constructor, signed',
      body: signedXml({ ...paid(), ...JSON.parse('{"__proto__":"1","constructor":"2"}') }),
      why: '',
    },
    { name: 'empty fields', body: good.replace('</xml>', '<empty/><void></void></xml>'), why: '' },
    { name: 'MD5 declared', body: signedXml(paid({ sign_type: 'MD5' })), why: '' },
    {
      name: 'coupons',
      body: signedXml(
        paid({
          cash_fee: '999',
          coupon_fee: '1000',
          coupon_count: '1',
          coupon_id_0: '1',
          coupon_fee_0: '1000',
        }),
      ),
      why: '',
    },
  ]
  for (const { name, body, way } of genuine) {
    await t.test(name, async (t) => {
      const house = await openHouse(t)
      await house.server('createOrder', {
        outTradeNo: 'T20500101',
        totalFee: 1999,
        body: 'tea',
        openid: 'oAlice',
      })
      t.match(await house.notice(body, way), { status: 200, body: /<return_code>SUCCESS</ })
      t.equal((await house.order('T20500101')).state, 'PAID')
    })
  }
})

t.test('HMAC-SHA256, where it is configured, and then nothing else', async (t) => {
  const house = await openHouse(t, { WEIXIN_PAY_SIGN_TYPE: 'HMAC-SHA256' })
  await house.server('createOrder', {
    outTradeNo: 'T20500101',
    totalFee: 1999,
    body: 'tea',
    openid: 'oAlice',
  })
  t.match(await house.notice(good), { body: /FAIL/ })
  t.match(await house.notice(signedXml(paid({ sign_type: 'MD5' }))), { body: /FAIL/ })
  t.match(await house.notice(signedXml(paid(), 'HMAC-SHA256')), { body: /SUCCESS/ })
  t.equal((await house.order('T20500101')).state, 'PAID')
})

t.test('a key that is not set accepts nothing', async (t) => {
  const house = await openHouse(t, { WEIXIN_PAY_KEY: undefined })
  t.match(await house.notice(xml(signed(paid(), 'MD5', 'undefined'))), { body: /FAIL/ })
  t.match(house.log, [{ errCode: 'MISSING_SETTING' }])
})

t.test('a flood of forgeries fills a bounded room', async (t) => {
  const house = await openHouse(t)
  const slots = new Set<number>()
  const { notices } = house.store
  const keep = notices.keepRefused.bind(notices)
  const watched = {
    ...house.store,
    notices: {
      ...notices,
      keepRefused: (refused: Parameters<typeof keep>[0]) => {
        slots.add(refused.slot)
        t.ok(refused.evidence.length < 32 * 1024)
        return keep(refused)
      },
    },
  }
  const flooded = await openHouse(t, {}, watched)
  for (let n = 0; n < 300; n++) await flooded.notice(signedXml(paid({ mch_id: `${n}` })).padEnd(n * 200, ' '))
  t.ok(slots.size > 32 && slots.size <= 64, `${slots.size} slots`)
})
