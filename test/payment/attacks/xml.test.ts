import { body, swap } from './changes.js'
import { play } from './play.js'
import { type Cell, type Maker, none, type Row, refused } from './table.js'
import * as v2 from './weixinV2.js'

/** What XML can do and V2's messages never do; it is read before anything about it is proved. */

/** Below what the reader looks at, so that it has to look at all of it. */
const MOST = 60_000

const malformed = (make: Maker): Cell => refused('malformed', make)

const LINEAR = 'A regular expression took sixteen seconds for twelve kilobytes: reading is one pass.'
const ENTITIES = 'External entities read files, nested ones fill the memory: a DOCTYPE is refused.'
const NOT_XML = none('no XML')

const xml = (name: string, trap: string, make: Maker): Row => ({
  name,
  trap,
  cells: { 'weixin-v2': malformed(make), 'weixin-v3': NOT_XML, alipay: NOT_XML },
})

const inRefund = (name: string, change: (text: string) => string): Row => ({
  name: `${name}, sealed`,
  trap: 'What is inside is no better than what is outside.',
  cells: {
    'weixin-v2': { payment: none('signed, not sealed'), refund: malformed(v2.refund({}, { inner: change })) },
    'weixin-v3': NOT_XML,
    alipay: NOT_XML,
  },
})

const DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
const entities = [...'bcdefghij'].map(
  (name, at) => `<!ENTITY ${name} "${`&${'abcdefghi'[at]};`.repeat(10)}">`,
)

const rows: Row[] = [
  xml('a DOCTYPE', ENTITIES, swap('<xml>', '<!DOCTYPE xml><xml>')),
  xml(
    'an external entity',
    ENTITIES,
    swap('<xml>', '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml>'),
  ),
  xml('an external DTD', ENTITIES, swap('<xml>', '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><xml>')),
  xml('a billion laughs', ENTITIES, body(`${DOCTYPE}${entities.join('')}]><xml><a>&j;</a></xml>`)),
  xml('an entity that nobody declared', ENTITIES, swap('</xml>', '<a>&b;</a></xml>')),
  xml('character references without end', ENTITIES, body(`<xml><a>${'&#x41;'.repeat(MOST / 6)}</xml>`)),
  xml('references to what is no character', ENTITIES, swap('</xml>', '<a>&#0;&#xFFFFFF;</a></xml>')),
  xml('elements in elements', 'A field is a text.', swap('</xml>', '<a><b>1</b></a></xml>')),
  xml('deep nesting', LINEAR, body(`<xml>${'<a>'.repeat(10_000)}${'</a>'.repeat(7_000)}</xml>`)),
  xml('an attribute', 'Nothing is read that is not signed.', swap('</xml>', '<a b="1">1</a></xml>')),
  xml(
    'a comment in a value',
    'Readers differ about what the value then is.',
    swap('</xml>', '<a>19<!-- -->99</a></xml>'),
  ),
  xml('a processing instruction', 'Nothing is read that is not signed.', swap('</xml>', '<?a b?></xml>')),
  xml('a name without end', LINEAR, body(`<xml><${'a'.repeat(MOST)}`)),
  xml('tags that do not end', LINEAR, body(`<xml>${'<a'.repeat(MOST / 2)}`)),
  xml('CDATA that does not end', LINEAR, body(`<xml><a>${'<![CDATA['.repeat(MOST / 9)}`)),
  xml(
    'more fields than anybody needs',
    LINEAR,
    body(`<xml>${Array.from({ length: 5000 }, (_, n) => `<a${n}/>`).join('')}</xml>`),
  ),
  inRefund('a DOCTYPE', (inner) => `<!DOCTYPE root>${inner}`),
  inRefund('an external entity', (inner) => `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${inner}`),
  inRefund('deep nesting', () => `<root>${'<a>'.repeat(5000)}</root>`),
]

play('XML', rows)
