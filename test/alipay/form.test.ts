import fc from 'fast-check'
import t from 'tap'
import { charsetOf, decodedFields, formFields } from '../../shared/alipay/message.js'
import { canonical } from '../../shared/alipay/signature.js'

const read = (body: string | Buffer, charset = 'utf-8') => {
  const raw = formFields(Buffer.from(body as Buffer))
  const texts = raw && decodedFields(raw, charset)
  return texts && Object.fromEntries(texts)
}

const name = fc.stringMatching(/^[a-z][a-z_0-9]{0,11}$/)
const text = fc.string({ unit: 'grapheme' })

t.test('what a form says comes back as it was meant', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.dictionary(name, text), (fields) => {
        const asBrowsersDo = read(new URLSearchParams(fields).toString())
        const asAlipayDoes = read(
          Object.entries(fields)
            .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
            .join('&'),
        )
        const meant = JSON.stringify(Object.entries(fields))
        return (
          JSON.stringify(Object.entries(asBrowsersDo ?? {})) === meant &&
          JSON.stringify(Object.entries(asAlipayDoes ?? {})) === meant
        )
      }),
      { numRuns: 500 },
    ),
  )
})

t.test('values are undone exactly once', async (t) => {
  t.strictSame(read('a=%2541&b=50%25+off&c=1%2B1&d=a+b&e=%E4%B8%AD'), {
    a: '%41',
    b: '50% off',
    c: '1+1',
    d: 'a b',
    e: '中',
  })
})

t.test('no bytes make it throw', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        read(Buffer.from(bytes))
        return true
      }),
      { numRuns: 1000 },
    ),
  )
})

t.test('what is no form is nothing', async (t) => {
  for (const body of [
    'a=%',
    'a=%4',
    'a=%zz',
    '%=1',
    'a=1&a=2',
    'a=1&%61=2',
    '=1',
    '{"a":1}',
    '<xml/>',
    'a b=1',
  ]) {
    t.equal(formFields(Buffer.from(body)), undefined, body)
  }
  t.equal(read('a=%ff'), undefined, 'bytes that are no UTF-8')
  t.equal(read('a=1', 'utf-16'), undefined, 'a charset that is not among those of Alipay')
  t.equal(read('a=1', '__proto__'), undefined)
})

t.test('empty and odd pairs', async (t) => {
  t.strictSame(read('a=&b&&c=1&'), { a: '', b: '', c: '1' })
  t.strictSame(read(''), {})
  t.strictSame(
    [...(formFields(Buffer.from('__proto__=1&constructor=2'))?.keys() ?? [])],
    ['__proto__', 'constructor'],
  )
  t.strictSame(read('a=b=c'), { a: 'b=c' })
})

t.test('GBK', async (t) => {
  t.strictSame(read('subject=%B2%E2%CA%D4+%B6%A9%B5%A5', 'GBK'), { subject: '测试 订单' })
  t.strictSame(read('subject=%94%39%FC%36', 'gb18030'), { subject: '\u{1f600}' })
  for (const charset of ['GBK', 'gb2312', 'gb18030']) {
    t.strictSame(
      read('subject=%A2%E3+%FE%9F+%95%34%B2%35+%B2%E8', charset),
      { subject: '\u20ac \u4dae \u{20bb7} \u8336' },
      `${charset} is GB18030: the euro, a name's character of 2005, four bytes`,
    )
    t.equal(read('subject=%95%34%B2', charset), undefined, 'part of a character is not repaired')
  }
  t.equal(charsetOf('application/x-www-form-urlencoded; charset=GBK'), 'GBK')
  t.equal(charsetOf('text/plain;charset="utf-8"'), 'utf-8')
  t.equal(charsetOf('text/plain'), undefined)
})

t.test('what is signed: byte order, nothing empty, zero stays', async (t) => {
  const fields = Object.entries({
    b: '2',
    a: '1',
    sign: 'x',
    B: '3',
    a_b: '4',
    empty: '',
    none: undefined,
    z: '0',
  })
  t.equal(canonical(fields), 'B=3&a=1&a_b=4&b=2&z=0')
  t.equal(canonical(Object.entries({ sign_type: 'RSA2', a: '1' })), 'a=1&sign_type=RSA2')
  t.equal(canonical(Object.entries({ sign_type: 'RSA2', a: '1' }), ['sign_type']), 'a=1')
})
