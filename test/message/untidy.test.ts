import t from 'tap'
import { encryptMessage, pushSignature } from '../../tools/emulator/platforms/weixin/push/format.js'
import { ACCOUNT, APP_ID, type Call, openReceiver, PLAIN, type Receiver, SAFE } from './receiver.js'

/** Pushes that are WeChat's own and not tidy: what users write comes through, whatever characters they have typed. */

const LONG = '12345678901234567890'

/** What no XML may hold, and what JSON wants escaped. */
const CHARACTERS = ['\u001d', '\u0002', '\u0008', '\u0010', '\ufffe', '\u007f', '\u001d\n\t\u0002']

const seconds = (receiver: Receiver): string => String(Math.floor(receiver.clock.now() / 1000))

/** The text as WeChat sends it in plain mode. */
function plain(receiver: Receiver, body: string | Buffer): Call {
  const [timestamp, nonce] = [seconds(receiver), '1514711492']
  return { query: { timestamp, nonce, signature: pushSignature(ACCOUNT.token, timestamp, nonce) }, body }
}

/** And sealed, around it the format that is said. */
function sealed(receiver: Receiver, text: string, format: 'json' | 'xml'): Call {
  const [timestamp, nonce] = [seconds(receiver), '1514711492']
  const Encrypt = encryptMessage(ACCOUNT, text, Buffer.alloc(16, 7))
  const query = { timestamp, nonce, msg_signature: pushSignature(ACCOUNT.token, timestamp, nonce, Encrypt) }
  const xml = `<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[${Encrypt}]]></Encrypt></xml>`
  return { query, body: format === 'json' ? JSON.stringify({ Encrypt }) : xml }
}

const written = (text: string) => ({
  json: `{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1,"MsgType":"text","Content":"${text}","MsgId":${LONG}}`,
  xml: `<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content><![CDATA[${text}]]></Content><MsgId>${LONG}</MsgId></xml>`,
})

const nested = (text: string): string =>
  `<xml><MsgType>event</MsgType><Event>x</Event><List><Content><![CDATA[${text}]]></Content><Other>1</Other></List></xml>`

const contentOf = (receiver: Receiver): unknown => {
  const message = receiver.delivered.at(-1)?.data.message ?? {}
  return message.content ?? (message.list as { content?: unknown } | undefined)?.content
}

for (const format of ['json', 'xml'] as const) {
  for (const character of CHARACTERS) {
    const text = `a${character}b`
    t.test(`${format}: ${JSON.stringify(character)}`, async (t) => {
      const bare = await openReceiver(t, PLAIN)
      t.match(await bare.call(plain(bare, written(text)[format])), { status: 200, body: 'success' })
      t.equal(contentOf(bare), text, 'plain')
    })
    t.test(`${format}, sealed: ${JSON.stringify(character)}`, async (t) => {
      const safe = await openReceiver(t, SAFE)
      t.match(await safe.call(sealed(safe, written(text)[format], format)), { status: 200, body: 'success' })
      t.equal(contentOf(safe), text, 'sealed')
      t.strictSame(safe.refusals(), [])
    })
  }
}

t.test('elements in elements, and characters as references', async (t) => {
  const receiver = await openReceiver(t, PLAIN)
  for (const character of CHARACTERS) {
    await receiver.clock.advance(1000)
    t.match(await receiver.call(plain(receiver, nested(`a${character}b`))), { status: 200 })
    t.equal(contentOf(receiver), `a${character}b`)
  }
  const reference = written('').xml.replace('<![CDATA[]]>', 'a&#x1D;b&#29;')
  t.match(await receiver.call(plain(receiver, reference)), { status: 200 })
  t.equal(contentOf(receiver), 'a\u001db\u001d')
})

t.test('half a character, where WeChat has cut a text, costs that character alone', async (t) => {
  const receiver = await openReceiver(t, PLAIN)
  for (const format of ['json', 'xml'] as const) {
    const [before = '', after = ''] = written('a|b')
      [format].replace(LONG, format === 'xml' ? '2' : '3')
      .split('|')
    const body = Buffer.concat([Buffer.from(before), Buffer.from('e88c', 'hex'), Buffer.from(after)])
    t.match(await receiver.call(plain(receiver, body)), { status: 200 })
    t.equal(contentOf(receiver), 'a\ufffdb')
  }
})

t.test('a name that stands there twice, beside a long number or not', async (t) => {
  for (const id of ['1', LONG]) {
    const receiver = await openReceiver(t, PLAIN)
    const body = `{"MsgType":"text","Content":"first","FromUserName":"o1","Content":"last","MsgId":${id}}`
    t.match(await receiver.call(plain(receiver, body)), { status: 200 })
    t.equal(contentOf(receiver), 'last')
    t.equal(receiver.delivered[0]?.data.message.msgId, id)
  }
})

t.test('line ends are those that were sent, flat or nested', async (t) => {
  const receiver = await openReceiver(t, PLAIN)
  for (const body of [written('a\r\nb\rc').xml, nested('a\r\nb\rc')]) {
    t.match(await receiver.call(plain(receiver, body)), { status: 200 })
    t.equal(contentOf(receiver), 'a\r\nb\rc')
  }
})

/** Whoever has no key must not get past the reader's tolerance. */
const attacks: Record<string, (receiver: Receiver) => Call> = {
  'a sealed message beside another one': (receiver) => {
    const { query, body } = sealed(receiver, written('a').json, 'json')
    const { Encrypt } = JSON.parse(String(body)) as { Encrypt: string }
    const forged = encryptMessage(
      { ...ACCOUNT, encodingAesKey: 'A'.repeat(43) },
      written('b').json,
      Buffer.alloc(16),
    )
    return { query: query ?? {}, body: `{"Encrypt":"${Encrypt}","Encrypt":"${forged}"}` }
  },
  'a control character inside the seal': (receiver) => {
    const { query, body } = sealed(receiver, written('a').json, 'json')
    return { query: query ?? {}, body: String(body).replace('"}', '\u001d"}') }
  },
  'a name that a control character ends': (receiver) => {
    const { query, body } = sealed(receiver, written('a').json, 'json')
    return { query: query ?? {}, body: String(body).replace('Encrypt', 'Encrypt\u0008') }
  },
  'a seal twice in XML': (receiver) => {
    const { query, body } = sealed(receiver, written('a').xml, 'xml')
    return { query: query ?? {}, body: String(body).replace('</xml>', '<Encrypt>x</Encrypt></xml>') }
  },
}

for (const [name, attack] of Object.entries(attacks)) {
  t.test(`refused: ${name}`, async (t) => {
    const receiver = await openReceiver(t, { ...SAFE, WEIXIN_APP_ID: APP_ID })
    t.match(await receiver.call(attack(receiver)), { status: 403, body: 'refused' })
    t.strictSame(receiver.delivered, [])
  })
}
