import t from 'tap'
import { gbkBytes, otherCharsets } from '../../shared/diagnosis/charsets.js'

/** What Alipay calls GBK: GB18030, written here and read by Node. */

const assigned = /^\p{Assigned}$/u

t.test('every character is written as it is read', async (t) => {
  const lost: string[] = []
  const decoder = new TextDecoder('gb18030', { fatal: true })
  for (let code = 0; code <= 0x2ffff; code++) {
    const character = String.fromCodePoint(code)
    if (!assigned.test(character) || /[\p{Surrogate}\p{Private_Use}\ufffd]/u.test(character)) continue
    const bytes = gbkBytes(character)
    if (!bytes || decoder.decode(bytes) !== character) lost.push(code.toString(16))
  }
  t.strictSame(lost, [])
})

t.test('as the standard has it', async (t) => {
  const known = {
    '\u20ac': 'a2e3',
    '\u4dae': 'fe9f',
    '\u{20bb7}': '9534b235',
    茶: 'b2e8',
    한: '83368433',
    a: '61',
  }
  for (const [character, hex] of Object.entries(known)) {
    t.equal(gbkBytes(character)?.toString('hex'), hex, character)
  }
  t.equal(gbkBytes('a\ud800'), undefined, 'half a surrogate pair has no bytes')
})

t.test('a reader that gets the bytes one by one has the same text', async (t) => {
  const text = 'a\u20ac\u{20bb7}\u4dae茶b'
  const bytes = gbkBytes(text) ?? Buffer.alloc(0)
  for (let cut = 0; cut <= bytes.length; cut++) {
    const decoder = new TextDecoder('gb18030', { fatal: true })
    const pieces = [bytes.subarray(0, cut), bytes.subarray(cut)]
    t.equal(pieces.map((piece) => decoder.decode(piece, { stream: true })).join('') + decoder.decode(), text)
  }
})

t.test('what was taken for GBK, or written in it, is guessed', async (t) => {
  const text = '{"name":"\u20ac\u{20bb7}茶"}'
  const written = gbkBytes(text) ?? Buffer.alloc(0)
  const guesses = (body: Buffer) => [...otherCharsets(body)].map(([, original]) => original.toString('hex'))
  t.ok(guesses(written).includes(Buffer.from(text).toString('hex')), 'made GBK on the way')
  t.ok(guesses(Buffer.from(text)).includes(written.toString('hex')), 'signed in GBK, made UTF-8 on the way')
})
