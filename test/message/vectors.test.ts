import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { decryptPush, encryptPush, pushKey, pushSignature } from '../../shared/message/crypto.js'
import { parseMessage } from '../../shared/message/message.js'
import { addressEcho, verifyPush } from '../../shared/message/verify.js'

/** Every published sample of message push, by id. */

type Fields = Record<string, string>

const read = <T>(file: string): T =>
  JSON.parse(readFileSync(new URL(`../vectors/${file}`, import.meta.url), 'utf8')) as T

const keyOf = (encodingAesKey: string | undefined): Buffer => {
  const key = pushKey(encodingAesKey ?? '')
  if (!key) throw new Error('the vector has no key')
  return key
}

const call = (query: Fields, body = '') => ({
  ...{ method: 'POST', path: '/', headers: {} },
  query,
  rawBody: Buffer.from(body),
})

const timeOf = (timestamp: string | undefined) => Number(timestamp) * 1000

const official = read<{ vectors: (Fields & { id: string; padLength?: number })[] }>(
  'weixin-push.json',
).vectors
const safe = official.find(({ id }) => id === 'push-safe-decrypt')

const checks: Record<string, (t: Test, vector: Fields) => void | Promise<void>> = {
  'push-url-verification'(t, { token = '', timestamp = '', nonce = '', echostr = '', signature = '' }) {
    t.equal(pushSignature(token, timestamp, nonce), signature)
    const asked = call({ signature, timestamp, nonce, echostr })
    const accounts = [{ appId: 'wx0123456789abcdef', token }]
    t.equal(addressEcho(asked, accounts, timeOf(timestamp)), echostr)
  },
  async 'push-plain'(t, { token = '', timestamp = '', nonce = '', signature = '' }) {
    const body =
      '{"ToUserName":"gh_1","FromUserName":"o1","CreateTime":1714037059,"MsgType":"event","Event":"x"}'
    const accounts = [{ appId: 'wx0123456789abcdef', token }]
    const verified = await verifyPush(
      call({ signature, timestamp, nonce }, body),
      accounts,
      timeOf(timestamp),
    )
    t.match(verified, { isEncrypted: false, fields: { Event: 'x' } })
  },
  async 'push-safe-decrypt'(t, vector) {
    const { token = '', timestamp = '', nonce = '', msg_signature = '', appid: appId = '' } = vector
    const { encrypt = '', plain = '' } = vector
    const key = keyOf(vector.encodingAESKey)
    t.equal(pushSignature(token, timestamp, nonce, encrypt), msg_signature)
    const opened = decryptPush(key, encrypt)
    t.equal(opened?.text.toString(), plain)
    t.equal(opened?.appId, appId)
    const query = { timestamp, nonce, msg_signature, encrypt_type: 'aes' }
    const asked = call(query, JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt: encrypt }))
    const verified = await verifyPush(asked, [{ appId, token, key }], timeOf(timestamp))
    t.match(verified, { isEncrypted: true, format: 'json', fields: JSON.parse(plain) as object })
  },
  'push-safe-reply'(
    t,
    { random = '', plain = '', timestamp = '', nonce = '', encrypt = '', MsgSignature = '' },
  ) {
    const text = Buffer.from(plain)
    const sealed = encryptPush(
      keyOf(safe?.encodingAESKey),
      { text, appId: safe?.appid ?? '' },
      Buffer.from(random),
    )
    t.equal(sealed, encrypt)
    t.equal(pushSignature(safe?.token ?? '', timestamp, nonce, sealed), MsgSignature)
  },
}

t.strictSame(
  official.map(({ id }) => id),
  Object.keys(checks),
  'there is a check for every vector',
)

for (const vector of official) t.test(vector.id, async (t) => checks[vector.id]?.(t, vector))

interface Published {
  id: string
  group: string
  input: Fields
  expected: Fields & { signatureValid?: boolean }
}

const published = read<{ vectors: Published[] }>('payment-vectors.json').vectors.filter(
  ({ group }) => group === 'wechat-message-push',
)

t.strictSame(
  published.map(({ id }) => id),
  ['wxpush-decrypt-mp', 'wxpush-encrypt-official-1', 'wxpush-encrypt-official-2'],
)

for (const { id, input, expected } of published) {
  t.test(id, async (t) => {
    const {
      token = '',
      timestamp = '',
      nonce = '',
      encrypt = '',
      msg_signature = '',
      appid: appId = '',
    } = input
    const key = keyOf(input.encodingAESKey)
    if (input.random16 !== undefined) {
      const opened = { text: Buffer.from(input.plaintext ?? ''), appId }
      t.equal(encryptPush(key, opened, Buffer.from(input.random16)), expected.encrypt)
      t.strictSame(decryptPush(key, expected.encrypt ?? ''), opened, 'and back')
      return
    }
    t.equal(decryptPush(key, encrypt)?.text.toString(), expected.plaintext)
    const body = `<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`
    const asked = call({ timestamp, nonce, msg_signature }, body)
    const verified = await verifyPush(asked, [{ appId, token, key }], timeOf(timestamp))
    t.match(verified, { isEncrypted: true, format: 'xml', account: { appId: expected.receiveId } })
    if ('rejected' in verified) return
    t.match(parseMessage(verified.fields).message, {
      msgType: 'text',
      content: 'hello',
      msgId: '12345',
      createTime: 1234567898,
    })
  })
}
