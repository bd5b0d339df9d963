import t from 'tap'
import { parseStringPromise } from 'xml2js'
import { writeFlatXml, XmlError } from '../../shared/xml/flatXml.js'

t.test('markup in values stays a value, for another reader too', async (t) => {
  const body = ']]></body><total_fee>1</total_fee><body><![CDATA['
  const text = writeFlatXml([
    ['body', body],
    ['attach', 'a&b <c> "d" \'e\''],
  ])
  const parsed = await parseStringPromise(text, { explicitArray: false })
  t.strictSame({ ...parsed.xml }, { body, attach: 'a&b <c> "d" \'e\'' })
})

t.test('what XML cannot hold is refused, and the field is named', async (t) => {
  for (const value of ['\u0000', '\u0008', '\ud800', '\uffff']) {
    t.throws(
      () => writeFlatXml([['body', `a${value}`]]),
      new XmlError('body: a character that XML cannot hold'),
    )
  }
})

t.test('another root', async (t) => t.equal(writeFlatXml([['a', '1']], 'root'), '<root><a>1</a></root>'))
