import { randomBytes } from 'node:crypto'
import t from 'tap'
import {
  encryptBytes,
  pushAccountOf,
  pushSignature,
} from '../../tools/emulator/platforms/weixin/push/format.js'
import {
  ACCOUNT,
  APP_ID,
  type Call,
  openReceiver,
  PLAIN,
  type Receiver,
  type Reply,
  SAFE,
} from './receiver.js'

/** Whoever is not WeChat: refused in the same words whatever was wrong, nothing stored as true, nothing crashes. */

const event = { Event: 'wxa_media_check', appid: APP_ID, trace_id: 'forged', result: { suggest: 'pass' } }

const REFUSED: Reply = { status: 403, body: 'refused' }

/** Signed as if by WeChat, over any Encrypt: what the holder of the token alone, or a broken WeChat, could send. */
function sealedCall(receiver: Receiver, Encrypt: string, body?: string): Call {
  const timestamp = String(Math.floor(receiver.clock.now() / 1000))
  const nonce = '1514711492'
  const msg_signature = pushSignature(ACCOUNT.token, timestamp, nonce, Encrypt)
  return { query: { timestamp, nonce, msg_signature }, body: body ?? JSON.stringify({ Encrypt }) }
}

/** Random bytes, a length, a text, an appid and a padding, each as the row wants it. */
function block({
  text = '{"MsgType":"event","Event":"x"}',
  appId = APP_ID,
  length = -1,
  padding = [] as number[],
}) {
  const size = Buffer.alloc(4)
  size.writeUInt32BE(length < 0 ? Buffer.byteLength(text) : length)
  const whole = Buffer.concat([randomBytes(16), size, Buffer.from(text), Buffer.from(appId)])
  const pad = 32 - (whole.length % 32)
  const tail = padding.length > 0 ? padding : Array<number>(pad).fill(pad)
  return Buffer.concat([whole, Buffer.from(tail)])
}

/** Fills up to whole blocks, with a padding that is wrong in one way. */
const broken = (spoil: (pad: number) => number[]) => {
  const pad = 32 - ((block({ padding: [0] }).length - 1) % 32)
  return block({ padding: spoil(pad) })
}

type Attack = (receiver: Receiver) => Call

const sealed: Record<string, Attack> = {
  'no signature at all': (receiver) => ({ body: receiver.compose(event).body }),
  'an empty body': (receiver) => ({ ...receiver.compose(event), body: '' }),
  'the signature of another token': (receiver) =>
    receiver.compose(event, { account: { ...ACCOUNT, token: 'anotherToken' } }),
  'a signature that is cut off': (receiver) => {
    const { query, body } = receiver.compose(event)
    return { query: { ...query, msg_signature: query.msg_signature?.slice(0, 39) ?? '' }, body }
  },
  'the plain signature in place of the one over the message': (receiver) => {
    const { query, body } = receiver.compose(event)
    return { query: { ...query, msg_signature: query.signature ?? '' }, body }
  },
  'another message under a good signature': (receiver) => ({
    query: receiver.compose(event).query,
    body: receiver.compose({ ...event, result: { suggest: 'risky' } }).body,
  }),
  'an unsealed message, as in plain mode': (receiver) => receiver.compose(event, { mode: 'plain' }),
  'an unsealed message that claims to be sealed': (receiver) => ({
    query: receiver.compose(event).query,
    body: receiver.compose(event, { mode: 'plain' }).body,
  }),
  'an Encrypt that is no text': (receiver) => ({ ...receiver.compose(event), body: '{"Encrypt":{"a":1}}' }),
  'six minutes old': (receiver) => {
    const timestamp = String(Math.floor(receiver.clock.now() / 1000) - 360)
    return retimed(receiver, timestamp)
  },
  'six minutes ahead': (receiver) => retimed(receiver, String(Math.floor(receiver.clock.now() / 1000) + 360)),
  'a time that is no number': (receiver) => retimed(receiver, '1e9'),
  'sealed for another application': (receiver) =>
    receiver.compose(event, { account: pushAccountOf('wx00000000000000ff') }),
  "sealed with our key, for another application's id": (receiver) =>
    receiver.compose(event, { account: { ...ACCOUNT, appId: 'wx00000000000000ff' } }),
  'about another application inside': (receiver) =>
    receiver.compose({ ...event, appid: 'wx00000000000000ff' }),
  'sealed with another key': (receiver) =>
    receiver.compose(event, { account: { ...ACCOUNT, encodingAesKey: 'A'.repeat(43) } }),
  'padding: zero': (receiver) =>
    sealedCall(
      receiver,
      encryptBytes(
        ACCOUNT,
        broken((pad) => [...Array(pad).fill(1), 0].slice(1)),
      ),
    ),
  'padding: 33': (receiver) =>
    sealedCall(
      receiver,
      encryptBytes(
        ACCOUNT,
        broken((pad) => Array(pad).fill(33)),
      ),
    ),
  'padding: 255': (receiver) =>
    sealedCall(
      receiver,
      encryptBytes(
        ACCOUNT,
        broken((pad) => Array(pad).fill(255)),
      ),
    ),
  'padding: one byte differs': (receiver) =>
    sealedCall(
      receiver,
      encryptBytes(
        ACCOUNT,
        broken((pad) => [pad ^ 1, ...Array(pad - 1).fill(pad)]),
      ),
    ),
  'half a block': (receiver) => sealedCall(receiver, encryptBytes(ACCOUNT, block({}).subarray(0, 16))),
  'sixteen bytes too few': (receiver) =>
    sealedCall(receiver, encryptBytes(ACCOUNT, block({}).subarray(0, -16))),
  'an Encrypt that is not base64': (receiver) => sealedCall(receiver, '!!!!'),
  'an empty Encrypt': (receiver) => sealedCall(receiver, ''),
  'a length beyond the end': (receiver) =>
    sealedCall(receiver, encryptBytes(ACCOUNT, block({ length: 0xffffffff }))),
  'a length that eats the appid': (receiver) =>
    sealedCall(receiver, encryptBytes(ACCOUNT, block({ length: 40 }))),
  'a length that leaves text to the appid': (receiver) =>
    sealedCall(receiver, encryptBytes(ACCOUNT, block({ length: 10 }))),
  'malformed JSON inside': (receiver) =>
    sealedCall(receiver, encryptBytes(ACCOUNT, block({ text: '{"MsgType":' }))),
  'malformed XML inside': (receiver) =>
    sealedCall(receiver, encryptBytes(ACCOUNT, block({ text: '<xml><MsgType>a</xml>' }))),
  'a declaration inside': (receiver) =>
    sealedCall(
      receiver,
      encryptBytes(
        ACCOUNT,
        block({ text: '<!DOCTYPE xml [<!ENTITY a "event">]><xml><MsgType>&a;</MsgType></xml>' }),
      ),
    ),
  'no message inside': (receiver) =>
    sealedCall(receiver, encryptBytes(ACCOUNT, block({ text: '{"hello":"world"}' }))),
  'a list inside': (receiver) =>
    sealedCall(receiver, encryptBytes(ACCOUNT, block({ text: '[{"MsgType":"event"}]' }))),
  'bytes that are no UTF-8': (receiver) => ({
    ...receiver.compose(event),
    body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]),
  }),
}

function retimed(receiver: Receiver, timestamp: string): Call {
  const { query, body } = receiver.compose(event)
  const { Encrypt } = JSON.parse(body) as { Encrypt: string }
  const nonce = query.nonce ?? ''
  const msg_signature = pushSignature(ACCOUNT.token, timestamp, nonce, Encrypt)
  return { query: { ...query, timestamp, msg_signature }, body }
}

/** These bodies need no seal: they are to do harm while they are read. */
const bodies: Record<string, string> = {
  'malformed JSON': '{"MsgType": "event"',
  'a JSON text': '"event"',
  'JSON nested a hundred thousand deep': '['.repeat(60_000),
  'JSON nested too deep, closed': `{"MsgType":"event","a":${'{"a":'.repeat(200)}1${'}'.repeat(201)}`,
  'JSON nested deep around a long number': `${'['.repeat(30_000)}12345678901234567890`,
  'malformed XML': '<xml><MsgType>event</xml>',
  'XML cut off': '<xml><MsgType><![CDATA[event',
  'XML with two roots': '<xml><MsgType>event</MsgType></xml><xml/>',
  'XML that closes what stands around it':
    '<xml><MsgType>event</MsgType><a><b/></a></xml></document><document>',
  'another root': '<message><MsgType>event</MsgType></message>',
  'XML nested a thousand deep': `<xml><MsgType>event</MsgType>${'<a>'.repeat(1000)}${'</a>'.repeat(1000)}</xml>`,
  'a comment': '<xml><!-- nothing --><MsgType>event</MsgType><a><b>1</b></a></xml>',
  'an entity bomb': `<!DOCTYPE xml [<!ENTITY a "${'ha'.repeat(50)}"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><xml><MsgType>event</MsgType><a>&b;</a></xml>`,
  'a file as entity':
    '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/hostname">]><xml><MsgType>&a;</MsgType></xml>',
  'a declaration after the start': '<xml><!ENTITY a "b"><MsgType>event</MsgType><c><d>1</d></c></xml>',
  'an entity nobody declared': '<xml><MsgType>event</MsgType><b><c>&nobody;</c></b></xml>',
  'a prototype': '{"__proto__":{"MsgType":"event","Event":"x"}}',
  'a prototype in XML': '<xml><__proto__><MsgType>event</MsgType></__proto__></xml>',
  'a control character': '<xml><MsgType>event\u0000</MsgType></xml>',
  oversized: JSON.stringify({ MsgType: 'event', Event: 'x', padding: 'x'.repeat(64 * 1024) }),
}

async function isUntouched(receiver: Receiver): Promise<boolean> {
  await receiver.clock.advance(120_000)
  await receiver.dispatch()
  const due = await receiver.store.events.due(receiver.clock.now(), 100)
  return due.length === 0 && receiver.delivered.length === 0
}

for (const [name, attack] of Object.entries(sealed)) {
  t.test(`safe mode: ${name}`, async (t) => {
    const receiver = await openReceiver(t, SAFE)
    t.strictSame(await receiver.call(attack(receiver)), REFUSED)
    t.equal(receiver.refusals().length, 1, 'and it is in the log')
    t.ok(await isUntouched(receiver))
    t.match(await receiver.verdict('forged'), { state: 'waiting' })
    t.match(
      await receiver.push({ ...event, trace_id: 'real' }),
      { status: 200 },
      'WeChat is still understood',
    )
  })
}

for (const [name, body] of Object.entries(bodies)) {
  t.test(`plain mode, signed: ${name}`, async (t) => {
    const receiver = await openReceiver(t, PLAIN)
    const { query } = receiver.compose(event, { mode: 'plain' })
    t.strictSame(await receiver.call({ query, body }), REFUSED)
    t.ok(await isUntouched(receiver))
    t.match(await receiver.push({ ...event, trace_id: 'real' }, { mode: 'plain' }), { status: 200 })
  })
}

t.test('the refusals of safe mode do not tell what was wrong, in words or in headers', async (t) => {
  const receiver = await openReceiver(t, SAFE)
  const heard = new Set<string>()
  for (const attack of Object.values(sealed)) heard.add(JSON.stringify(await receiver.call(attack(receiver))))
  t.strictSame([...heard], [JSON.stringify(REFUSED)])
})

t.test('the address check echoes for nobody else', async (t) => {
  const receiver = await openReceiver(t, SAFE)
  const timestamp = String(Math.floor(receiver.clock.now() / 1000))
  const ask = (token: string, at = timestamp) => {
    const signature = pushSignature(token, at, '7')
    const query = { signature, timestamp: at, nonce: '7', echostr: '4375120948345356249' }
    return receiver.call({ method: 'GET', query })
  }
  t.strictSame(await ask(ACCOUNT.token), { status: 200, body: '4375120948345356249' })
  t.strictSame(await ask('another'), REFUSED)
  t.strictSame(await ask(ACCOUNT.token, String(Number(timestamp) - 400)), REFUSED)
  t.strictSame(await receiver.call({ method: 'GET' }), REFUSED)
})

t.test('only URL calls come in', async (t) => {
  await openReceiver(t, SAFE)
  const { main } = await import('../../functions/messageNotify/index.js')
  for (const SOURCE of ['client', 'function', 'timing']) {
    t.match(await main({ httpMethod: 'POST', headers: {} }, { SOURCE }), { errCode: 'FORBIDDEN' })
  }
})

t.test('a flood of forgeries takes no more receiver than a few', async (t) => {
  const receiver = await openReceiver(t, PLAIN)
  const kept = new Set<number>()
  const { notices } = receiver.store
  const keepRefused = notices.keepRefused.bind(notices)
  notices.keepRefused = (refused) => {
    kept.add(refused.slot)
    t.ok(Buffer.from(refused.evidence, 'base64').length <= 16 * 1024)
    return keepRefused(refused)
  }
  for (let i = 0; i < 200; i++) await receiver.call({ body: `{"MsgType":"${i}${'x'.repeat(20_000)}"}` })
  t.ok(kept.size > 1 && kept.size <= 64)
})
