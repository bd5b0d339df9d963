import { swap, text } from './changes.js'
import { play } from './play.js'
import { believed, type Cell, type Maker, none, type Row, refused } from './table.js'
import * as v2 from './weixinV2.js'
import * as v3 from './weixinV3.js'

/** V3's fields are sealed: what somebody on the way can change is the envelope, any of it. */
const envelope = refused('signature wrong', swap('"EV-', '"EW-'))
const SEALED = none('the fields are sealed, and unsigned around that: see the rows on sealed messages')

const wrong = (make: Maker): Cell => refused('signature wrong', make)

/** The same change to the XML of V2's payments and to Alipay's forms. */
const changed = (name: string, trap: string, payment: Maker, form: Maker): Row => ({
  name,
  trap,
  cells: {
    'weixin-v2': { payment: wrong(payment), refund: SEALED },
    'weixin-v3': envelope,
    alipay: wrong(form),
  },
})

const COVERED = 'The signature covers every field that was received, not those somebody thought of.'
const endOfXml = (more: string) => swap('</xml>', `${more}</xml>`)
const atTheEnd = (more: string) => text((form) => form + more)

const INNER_TWICE = refused(
  'malformed',
  v2.refund({}, { inner: (text) => text.replace('<root>', '<root><refund_fee>1</refund_fee>') }),
)
const NOT_A_FORM = none('no form')
const VERIFIED_FIRST = none('no byte is read before all are verified')

const twice = (
  name: string,
  xml: [string, string] | undefined,
  form: [RegExp, string],
  json: Cell = VERIFIED_FIRST,
): Row => ({
  name,
  trap: 'Which of the two was signed, and which one is read?',
  cells: {
    'weixin-v2': xml ? { payment: refused('malformed', swap(...xml)), refund: INNER_TWICE } : NOT_A_FORM,
    'weixin-v3': json,
    alipay: refused('malformed', swap(...form)),
  },
})

const rows: Row[] = [
  changed(
    'another amount',
    'A yuan for a thousand.',
    swap('<total_fee>1999<', '<total_fee>1<'),
    swap('total_amount=19.99', 'total_amount=0.01'),
  ),
  changed(
    'another order',
    'One payment for two orders.',
    swap(/(<out_trade_no><!\[CDATA\[A)\d+/, '$1000000'),
    swap(/out_trade_no=A\d+/, 'out_trade_no=A000000'),
  ),
  changed(
    'another state',
    'What failed is said to be paid.',
    swap('<result_code><![CDATA[SUCCESS', '<result_code><![CDATA[FAIL'),
    swap('trade_status=TRADE_SUCCESS', 'trade_status=TRADE_FINISHED'),
  ),
  changed('a field added', COVERED, endOfXml('<extra>1</extra>'), atTheEnd('&extra=1')),
  changed('a field removed', COVERED, swap(/<bank_type>.*<\/bank_type>/, ''), swap(/seller_id=\d+&/, '')),
  changed(
    'a field emptied',
    COVERED,
    swap(/<bank_type>.*<\/bank_type>/, '<bank_type></bank_type>'),
    swap(/seller_id=\d+/, 'seller_id='),
  ),
  changed(
    'a space at the edge of a value',
    'Middleware that trims, or does not, changes what was signed.',
    swap(/(<bank_type><!\[CDATA\[\w+)/, '$1 '),
    swap('seller_id=', 'seller_id=+'),
  ),
  ...['__proto__', 'constructor'].map((name) =>
    changed(
      `a field called ${name}`,
      'Field names come from outside; as keys of an object they reach into the language.',
      endOfXml(`<${name}>1</${name}>`),
      atTheEnd(`&${name}=1`),
    ),
  ),
  changed(
    'quotes made entities',
    'Filters against scripts in front of the handler turn quotes into &quot;.',
    swap(/%41/g, '%41&quot;'),
    swap(/%22/g, '%26quot%3B'),
  ),
  twice('a field twice', ['</xml>', '<total_fee>1999</total_fee></xml>'], [/$/, '&total_amount=19.99']),
  twice(
    'a field twice, in front',
    ['<xml>', '<xml><total_fee>1999</total_fee>'],
    [/^/, 'total_amount=19.99&'],
    // Only WeChat Pay itself could write this, and JSON's reader takes the last one.
    believed(v3.notice({}, { inner: (text) => text.replace('{', '{"out_trade_no":"A000000",') })),
  ),
  twice('a field twice, once escaped', undefined, [/$/, '&total%5Famount=19.99']),
  twice('two signatures', ['</xml>', '<sign>0</sign></xml>'], [/$/, '&sign=AAAA']),
]

play('changed on the way', rows)
