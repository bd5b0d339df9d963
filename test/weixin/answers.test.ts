import fc from 'fast-check'
import t from 'tap'
import * as v from 'valibot'
import { image, json, media, readAnswer, untouched } from '../../shared/weixin/answer.js'
import { refused } from '../support/refused.js'

const answer = (body: string | Buffer, contentType = 'application/json; charset=utf-8', status = 200) => ({
  status,
  headers: { 'content-type': contentType },
  body: Buffer.from(body as Buffer),
})

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
)
const thumbnail = Buffer.from('ffd8ffda0102ffd9', 'hex')
const JPEG = Buffer.concat([
  Buffer.from('ffd8ffe1', 'hex'),
  thumbnail,
  Buffer.from('ffdb00ffda00ff00ffd0aabbccddeeffd9', 'hex'),
])
const GIF = Buffer.from(
  '47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b',
  'hex',
)

const anything = json(v.object({}))

t.test('no digit of a number is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), async (big) => {
      const { value } = await readAnswer(answer(`{"errcode":0,"msg_id":${big},"other":1.5}`), anything)
      const { msgId, other } = value as { msgId: number | string; other: number }
      const isSafe = Number.isSafeInteger(Number(big))
      return String(msgId) === String(big) && typeof msgId === (isSafe ? 'number' : 'string') && other === 1.5
    }),
  )
})

t.test('a JSON object is read as JSON.parse would, whatever is in it', async () => {
  const value = fc
    .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.jsonValue({ depthSize: 'small' }))
    .filter((object) => !/\d{16}/.test(JSON.stringify(object)))
  await fc.assert(
    fc.asyncProperty(value, async (object) => {
      const { errcode: _code, errmsg: _text, ...rest } = JSON.parse(JSON.stringify(object))
      const read = await readAnswer(answer(JSON.stringify({ ...object, long: 1234567890123456 })), untouched)
      return JSON.stringify(read.value) === JSON.stringify({ ...rest, long: 1234567890123456 })
    }),
  )
})

t.test(
  'of a repeated name the last one counts, beside a long number or not; control characters come through',
  async (t) => {
    for (const long of ['1', '12345678901234567890']) {
      const { value } = await readAnswer(answer(`\ufeff{"a":1,"b":${long},"a":"x\u001d\n\ty"}`), untouched)
      t.match(value, { a: 'x\u001d\n\ty', b: long === '1' ? 1 : long })
    }
  },
)

t.test('bytes that are no JSON object end in one error, for JSON; as they are, for pictures', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 64 }), async (bytes) => {
      const body = Buffer.concat([Buffer.from([0xfe]), bytes])
      const failed = await readAnswer(answer(body), anything).then(
        () => undefined,
        (error: { errCode: unknown }) => error.errCode,
      )
      const picture = await readAnswer(answer(body, 'image/jpeg'), image)
      return failed === 'UPSTREAM_INVALID' && body.equals((picture.value as { buffer: Buffer }).buffer)
    }),
  )
  for (const body of ['', '[]', '"text"', 'null', '{"errcode":0', '<html></html>']) {
    t.equal(await refused(readAnswer(answer(body), anything)), 'UPSTREAM_INVALID', body)
  }
  t.equal(await refused(readAnswer(answer('{}', 'application/json', 502), anything)), 'UPSTREAM_INVALID')
  const page = '<html>\n<head><title>502 Bad Gateway</title></head>\u0000</html>'
  t.match(
    await readAnswer(answer(page, 'text/html', 502), anything).catch(String),
    /it said: 502 Bad Gateway$/,
  )
})

t.test('a page that repeats the address which was asked for repeats none of its secrets', async (t) => {
  const query = 'appid=wx1&secret=0f0f0f&js_code=0c3c&amp;access_token=70_ab-c&session_key=kk%3D'
  const page = `<h1>502</h1> The requested URL /sns/jscode2session?${query} was not found.`
  const said = await readAnswer(answer(page, 'text/html', 502), anything).catch(String)
  const masked = 'appid=wx1&secret=***&js_code=***&amp;access_token=***&session_key=***'
  t.ok(String(said).endsWith(`it said: 502 The requested URL /sns/jscode2session?${masked} was not found.`))
  t.notMatch(said, /0f0f0f|0c3c|70_ab|kk/)
})

t.test('a picture differs from an error by its header and its first byte', async (t) => {
  const error = '{"errcode":40169,"errmsg":"invalid length for scene"}'
  const wanted = { status: { errcode: 40169, errmsg: 'invalid length for scene' } }
  t.match(await readAnswer(answer(error), image), wanted)
  t.match(await readAnswer(answer(error, 'text/plain'), image), wanted)
  t.match(await readAnswer(answer(`\n ${error}`, 'image/jpeg'), image), wanted, 'whatever the header says')
  t.match(await readAnswer(answer(PNG, 'image/png'), image), {
    value: { contentType: 'image/png', buffer: PNG },
  })
  const unclear = 'UPSTREAM_INVALID'
  t.equal(await refused(readAnswer(answer('{"ok":1}'), image)), unclear, 'JSON without an error')
  t.equal(await refused(readAnswer(answer('', 'image/png'), image)), unclear, 'nothing')
  t.equal(await refused(readAnswer(answer('[]'), image)), unclear, 'said to be JSON, and no picture')
  t.equal(await refused(readAnswer(answer('<html>', 'text/html'), image)), unclear, 'a page')
})

t.test('a picture that was cut short is none, and asking again does no harm', async (t) => {
  const wanted = { errCode: 'UPSTREAM_UNREACHABLE', advice: 'retry', errMsg: /cut short/ }
  const failureOf = (asked: Promise<unknown>) => asked.then(String, (error: unknown) => error)
  for (const [name, whole] of Object.entries({ PNG, JPEG, GIF })) {
    const first = name === 'JPEG' ? 2 + 2 + thumbnail.length + 5 : 1
    for (let length = first; length < whole.length; length++) {
      const cut = answer(whole.subarray(0, length), `image/${name.toLowerCase()}`)
      for (const kind of [image, untouched]) {
        t.match(await failureOf(readAnswer(cut, kind)), wanted, `${name}, ${length} of ${whole.length}`)
      }
    }
    for (const more of ['', '\0\0', '\r\n']) {
      const body = Buffer.concat([whole, Buffer.from(more)])
      t.match(await readAnswer(answer(body, 'image/x'), image), { value: { buffer: body } }, name)
    }
  }
  const sound = Buffer.from('#!AMR\n')
  t.match(
    await readAnswer(answer(sound, 'audio/amr'), untouched),
    { value: { buffer: sound } },
    'without an end',
  )
})

t.test('JSON may be a success where files are asked for', async (t) => {
  const kind = media(v.object({ videoUrl: v.string() }))
  t.match(await readAnswer(answer('{"video_url":"http://example.com/v"}'), kind), {
    value: { videoUrl: 'http://example.com/v' },
  })
  t.match(await readAnswer(answer('{"errcode":40007,"errmsg":"x"}'), kind), { status: { errcode: 40007 } })
})

t.test('a code that came as text is a code', async (t) => {
  t.strictSame((await readAnswer(answer('{"errcode":"0","errmsg":"ok"}'), anything)).status.errcode, 0)
  t.strictSame((await readAnswer(answer('{"errcode":"45009"}'), anything)).status.errcode, 45009)
})
