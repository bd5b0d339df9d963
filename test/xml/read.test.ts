import fc from 'fast-check'
import t from 'tap'
import { MAX_XML, readFlatXml, writeFlatXml, XmlError } from '../../shared/xml/flatXml.js'

const read = (text: string, root?: string) => Object.fromEntries(readFlatXml(text, root))

t.test('what is a flat document', async (t) => {
  const good: [string, string, Record<string, string>][] = [
    ['plain', '<xml><a>1</a><b>two</b></xml>', { a: '1', b: 'two' }],
    [
      'declaration, indentation',
      '<?xml version="1.0" encoding="UTF-8"?>\n<xml>\n  <a>1</a>\n</xml>\n',
      { a: '1' },
    ],
    ['CDATA', '<xml><a><![CDATA[<b>&amp;</b>]]></a></xml>', { a: '<b>&amp;</b>' }],
    ['CDATA over lines', '<xml><a><![CDATA[one\ntwo\r\nthree]]></a></xml>', { a: 'one\ntwo\r\nthree' }],
    ['CDATA and text', '<xml><a>x<![CDATA[ y]]> z<![CDATA[]]]]><![CDATA[>]]></a></xml>', { a: 'x y z]]>' }],
    ['entities', '<xml><a>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;&#13;</a></xml>', { a: '<>&"\'A😀\r' }],
    ['an entity is resolved once', '<xml><a>&amp;lt;</a></xml>', { a: '&lt;' }],
    ['empty elements', '<xml><a/><b></b><c /><d><![CDATA[]]></d></xml>', { a: '', b: '', c: '', d: '' }],
    ['edge spaces are part of the value', '<xml><a> 1 </a><b>\t</b></xml>', { a: ' 1 ', b: '\t' }],
    ['spaces in closing tags', '<xml ><a >1</a ></xml >', { a: '1' }],
    [
      'characters that XML does not allow, and users type',
      '<xml><a>\u0001\u001d\ufffe<![CDATA[\u0008\uffff]]>&#x1D;&#xFFFE;</a></xml>',
      { a: '\u0001\u001d\ufffe\u0008\uffff\u001d\ufffe' },
    ],
    ['nothing in it', '<xml/>', {}],
    ['nothing in it, two tags', '<xml></xml>', {}],
  ]
  for (const [name, text, fields] of good) t.strictSame(read(text), fields, name)
  t.strictSame(read('<root><a>1</a></root>', 'root'), { a: '1' }, 'another root')
})

t.test('names that mean something to the language are names', async (t) => {
  const fields = readFlatXml(
    '<xml><__proto__>1</__proto__><constructor>2</constructor><toString>3</toString></xml>',
  )
  t.strictSame(
    [...fields],
    [
      ['__proto__', '1'],
      ['constructor', '2'],
      ['toString', '3'],
    ],
  )
  t.equal(({} as { polluted?: unknown }).polluted, undefined)
  t.equal(readFlatXml('<xml/>').get('constructor'), undefined)
})

t.test('what is not', async (t) => {
  const bad: [string, string][] = [
    ['nothing', ''],
    ['no document', 'hello'],
    ['JSON', '{"a":1}'],
    ['another root', '<root><a>1</a></root>'],
    ['a root that begins like ours', '<xmlish><a>1</a></xmlish>'],
    ['cut in a name', '<xml><ab'],
    ['cut in a value', '<xml><a>1'],
    ['cut in CDATA', '<xml><a><![CDATA[1</a></xml>'],
    ['cut before the end', '<xml><a>1</a>'],
    ['cut in the end', '<xml><a>1</a></xml'],
    ['two documents', '<xml/><xml/>'],
    ['text after it', '<xml/>x'],
    ['text before it', 'x<xml/>'],
    ['text between fields', '<xml><a>1</a>x<b>2</b></xml>'],
    ['DOCTYPE', '<!DOCTYPE xml><xml><a>1</a></xml>'],
    ['an entity declared', '<!DOCTYPE x [<!ENTITY e "1">]><xml><a>&e;</a></xml>'],
    ['an external entity', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><a>&e;</a></xml>'],
    ['DOCTYPE inside', '<xml><!DOCTYPE x><a>1</a></xml>'],
    ['an entity nobody declared', '<xml><a>&e;</a></xml>'],
    ['a bare ampersand', '<xml><a>a & b</a></xml>'],
    ['an unfinished entity', '<xml><a>&amp</a></xml>'],
    ['a reference to nothing', '<xml><a>&#0;</a></xml>'],
    ['a reference to half a character', '<xml><a>&#xD800;</a></xml>'],
    ['a reference beyond Unicode', '<xml><a>&#x110000;</a></xml>'],
    ['a processing instruction', '<xml><?php echo 1 ?><a>1</a></xml>'],
    ['a stylesheet', '<?xml-stylesheet href="x"?><xml/>'],
    ['a comment', '<xml><!-- --><a>1</a></xml>'],
    ['a comment in a value', '<xml><a>1<!-- -->2</a></xml>'],
    ['nesting', '<xml><a><b>1</b></a></xml>'],
    ['an attribute', '<xml><a x="1">1</a></xml>'],
    ['an attribute of the root', '<xml x="1"><a>1</a></xml>'],
    ['a namespace', '<xml><x:a>1</x:a></xml>'],
    ['a name with a digit in front', '<xml><1a>1</1a></xml>'],
    ['a field twice', '<xml><a>1</a><a>1</a></xml>'],
    ['a field twice, once empty', '<xml><a/><a>1</a></xml>'],
    ['another closing tag', '<xml><a>1</b></xml>'],
    ['a longer closing tag', '<xml><a>1</aa></xml>'],
    ['NUL', '<xml><a>\u0000</a></xml>'],
    ['half a character', '<xml><a>\ud800</a></xml>'],
    ['one character too long', `<xml><a>${'1'.repeat(MAX_XML)}</a></xml>`],
    ['too many fields', `<xml>${Array.from({ length: 1001 }, (_, n) => `<f${n}/>`).join('')}</xml>`],
  ]
  for (const [name, text] of bad) t.throws(() => readFlatXml(text), XmlError, name)
})

t.test('errors do not repeat the text', async (t) => {
  try {
    readFlatXml('<xml><secret>0123</secret><secret>0123</secret></xml>')
    t.fail('read')
  } catch (error) {
    t.notMatch(String(error), /0123/)
  }
})

t.test('hostile texts as long as allowed end quickly', async (t) => {
  const fill = (piece: string) => piece.repeat(Math.floor((MAX_XML - 100) / piece.length))
  for (const piece of [
    '<',
    '&',
    '&#',
    '&amp',
    '<a',
    '<a>',
    '<![CDATA[',
    ']]>',
    ' ',
    '\r',
    '<?xml ',
    '</xml',
  ]) {
    t.throws(() => readFlatXml(`<xml><a>${fill(piece)}`), XmlError, piece)
    t.throws(() => readFlatXml(fill(piece)), XmlError, piece)
  }
})

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,20}$/)
const value = fc.string({ unit: 'grapheme', maxLength: 60 })
const writable = fc
  .oneof(
    value,
    fc.string({ unit: fc.constantFrom('&', '<', '>', ']', '\r', '\n', ' ', '"', "'", ';', '#', 'a') }),
  )
  .filter((text) => !/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text))

t.test('what is written is read back', async () => {
  fc.assert(
    fc.property(fc.dictionary(name, writable, { maxKeys: 20 }), (fields) => {
      const entries = Object.entries(fields)
      const back = [...readFlatXml(writeFlatXml(entries))]
      return JSON.stringify(back) === JSON.stringify(entries)
    }),
  )
})

t.test('reading any text gives fields or an XmlError, nothing else', async () => {
  const soup = fc.array(
    fc.constantFrom(
      '<xml>',
      '</xml>',
      '<a>',
      '</a>',
      '<![CDATA[',
      ']]>',
      '&amp;',
      '&',
      '<',
      '/>',
      'x',
      ' ',
      '<?xml ?>',
    ),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        soup.map((pieces) => pieces.join('')),
      ),
      (text) => {
        try {
          return readFlatXml(text) instanceof Map
        } catch (error) {
          return error instanceof XmlError
        }
      },
    ),
    { numRuns: 1000 },
  )
})
