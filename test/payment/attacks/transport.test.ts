import { body, bytes, changed, header, text } from './changes.js'
import { play } from './play.js'
import { believed, type Cell, everywhere, type Maker, type Row, refused } from './table.js'

const malformed = (make: Maker): Cell => refused('malformed', make)
const wrong = (make: Maker): Cell => refused('signature wrong', make)

/** V3 verifies the bytes before it looks at them, so every change of a byte is the same to it. */
const row = (
  name: string,
  trap: string,
  make: Maker,
  v2: (make: Maker) => Cell,
  form: (make: Maker) => Cell,
): Row => ({
  name,
  trap,
  cells: { 'weixin-v2': v2(make), 'weixin-v3': wrong(make), alipay: form(make) },
})

const rows: Row[] = [
  {
    name: 'nothing',
    trap: 'An empty body, as a browser sends it.',
    cells: everywhere(refused('empty', body(''))),
  },
  row('blanks', 'A body of nothing but blanks.', body(' '.repeat(1000)), malformed, malformed),
  row('NULs', 'Strings end at NUL in other languages.', body(Buffer.alloc(1000)), malformed, malformed),
  row(
    'bytes at random',
    'Not text at all.',
    body(Buffer.from([0, 255, 254, 37, 38, 61, 128])),
    malformed,
    malformed,
  ),
  row('HTML', 'A page instead of a message.', body('<html><body>404</body></html>'), malformed, malformed),
  row(
    'XML',
    'The message of another provider.',
    body('<xml><sign>x</sign></xml>'),
    (make) => refused('not a success message', make),
    malformed,
  ),
  row('JSON', 'The message of another provider.', body('{"sign":"x"}'), malformed, malformed),
  row('a form', 'The message of another provider.', body('a=1&sign=x'), malformed, wrong),
  row(
    'cut in the middle',
    'A connection that broke.',
    bytes((all) => all.subarray(0, all.length >> 1)),
    malformed,
    (make) => refused('signature missing', make),
  ),
  row(
    'the last character missing',
    'A length counted in characters.',
    text((all) => all.slice(0, -1)),
    malformed,
    malformed,
  ),
  row(
    'two messages in one',
    'What follows the first must not be ignored.',
    text((all) => all + all),
    malformed,
    malformed,
  ),
  row(
    'base64 that nobody announced',
    'Gateways encode bodies and say so, or do not.',
    bytes((all) => Buffer.from(all.toString('base64'))),
    malformed,
    (make) => refused('signature missing', make),
  ),
  row(
    'UTF-16',
    'Another encoding of the same text.',
    bytes((all) => Buffer.from(all.toString(), 'utf16le')),
    malformed,
    malformed,
  ),
  row(
    'bytes that are no UTF-8',
    'A repaired text has another signature.',
    bytes((all) => Buffer.concat([all, Buffer.from([0xff])])),
    malformed,
    malformed,
  ),
  row(
    'compressed, and nobody says so',
    'Bytes of another kind.',
    body(Buffer.from('1f8b0800000000000003', 'hex')),
    malformed,
    malformed,
  ),
  {
    name: 'no content type',
    trap: 'A missing header ended in a TypeError.',
    cells: everywhere(believed(header('content-type', undefined))),
  },
  ...['text/plain', 'application/json', 'text/xml; charset=GBK', 'multipart/form-data; boundary=x'].map(
    (type): Row => ({
      name: `the content type ${type}`,
      trap: 'Frameworks parse by content type, and lose the bytes.',
      cells: everywhere(believed(header('content-type', type))),
    }),
  ),
  ...(['fc2', 'fc3'] as const).map(
    (door): Row => ({
      name: `through ${door}`,
      trap: 'API gateways deliver bodies as text, as bytes, or as base64.',
      cells: everywhere(believed(changed({ door }))),
    }),
  ),
  {
    name: 'by PUT',
    trap: 'The signature proves who speaks, not the method.',
    cells: everywhere(believed(changed({ method: 'PUT' }))),
  },
  ...['GET', 'OPTIONS', 'DELETE'].map(
    (method): Row => ({
      name: `by ${method}, with nothing in it`,
      trap: 'Somebody who looks what is there.',
      cells: everywhere(refused('empty', changed({ method, body: Buffer.alloc(0) }))),
    }),
  ),
]

play('transport', rows)
