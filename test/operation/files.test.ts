import t from 'tap'
import { picture } from '../../shared/operation/fields.js'
import { validate } from '../../shared/operation/index.js'

const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47])
const read = (value: unknown) => validate(picture(4), { contentType: 'image/png', value }).value

t.test('a file is bytes in a library call and base64 in a function call', async (t) => {
  t.strictSame(read(bytes), bytes)
  t.strictSame(read(new Uint8Array(bytes)), bytes)
  t.strictSame(read(bytes.toString('base64')), bytes)
  t.strictSame(read(`data:image/png;base64,${bytes.toString('base64')}`), bytes)
})

t.test('what is no file is refused by the name of the field', async (t) => {
  for (const value of [
    undefined,
    '',
    'not base64!',
    Buffer.alloc(0),
    Buffer.alloc(5),
    7,
    { type: 'Buffer' },
  ]) {
    try {
      t.fail(`read ${read(value).length} bytes`)
    } catch (error) {
      t.match(error, { errCode: 'INVALID_PARAM', errMsg: /^value: .*base64, from 1 to 4 bytes/ })
    }
  }
})
