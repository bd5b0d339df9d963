import { systemRandom } from '../../../shared/clock.js'
import { body, changed, header, swap, text } from './changes.js'
import { play } from './play.js'
import { type Cell, everywhere, type Maker, none, type Row, refused } from './table.js'
import * as v2 from './weixinV2.js'
import * as v3 from './weixinV3.js'

/** Small messages that cost much, and messages that are large. */

/** What uniCloud lets through by URL, less the little that stands around it. */
const MB = 1024 * 1024 - 1024

/** Below what each provider's reader looks at, so that it has to look at all of it. */
const MOST = 60_000

const large = (make: Maker): Cell => refused('too large', make)
const malformed = (make: Maker): Cell => refused('malformed', make)

const LINEAR = 'A regular expression took sixteen seconds for twelve kilobytes: reading is one pass.'

const NOT_A_FORM = none('no form')
const NOT_JSON = none('no JSON')

const form = (
  name: string,
  text: string,
  why: 'malformed' | 'signature wrong' | 'signature missing',
): Row => ({
  name,
  trap: LINEAR,
  cells: { 'weixin-v2': NOT_A_FORM, 'weixin-v3': NOT_A_FORM, alipay: refused(why, body(text)) },
})

/** Signed by WeChat Pay: the reader gets to see it. */
const json = (name: string, text: string, why: 'malformed' | 'kind not supported' | 'too large'): Row => ({
  name,
  trap: 'Recursive readers run out of stack.',
  cells: { 'weixin-v2': NOT_JSON, 'weixin-v3': refused(why, v3.says(text)), alipay: NOT_JSON },
})

const rows: Row[] = [
  {
    name: 'a megabyte of blanks',
    trap: 'Far more than any message has.',
    cells: everywhere(large(body(' '.repeat(MB)))),
  },
  {
    name: 'a megabyte at random',
    trap: 'Far more than any message has.',
    cells: everywhere(large(body(systemRandom.bytes(MB)))),
  },
  {
    name: 'a megabyte of base64',
    trap: 'Undone before anybody has asked how much it is.',
    cells: everywhere(large(body('A'.repeat(MB)))),
  },
  {
    name: 'a megabyte in a field',
    trap: 'Far more than any message has.',
    cells: {
      'weixin-v2': large(swap('</xml>', `<a>${'1'.repeat(MB - 4000)}</a></xml>`)),
      'weixin-v3': large(v3.notice({}, { envelope: { a: '1'.repeat(MB - 4000) } })),
      alipay: large(text((all) => `${all}&a=${'1'.repeat(MB - 4000)}`)),
    },
  },
  ...(['fc2', 'fc3'] as const).map(
    (door): Row => ({
      name: `eight megabytes through ${door}`,
      trap: 'Function Compute lets 32 MB through.',
      cells: everywhere(large(changed({ door }, body('a'.repeat(8 * MB))))),
    }),
  ),
  {
    name: 'a header of ten thousand letters',
    trap: LINEAR,
    cells: {
      'weixin-v2': none('reads no header'),
      'weixin-v3': malformed(header('wechatpay-signature', 'A'.repeat(10_000))),
      alipay: none('reads no header but the content type'),
    },
  },
  {
    name: 'a huge cipher text',
    trap: 'Base64 without end, opened before anybody has asked how much it is.',
    cells: {
      'weixin-v2': {
        payment: none('signed, not sealed'),
        refund: refused('not decryptable', v2.refund({}, { outer: { req_info: 'A'.repeat(MOST) } })),
      },
      'weixin-v3': refused('not decryptable', v3.notice({}, { box: { ciphertext: 'A'.repeat(MOST) } })),
      alipay: none('signed, not sealed'),
    },
  },
  json('lists nested deeply', '['.repeat(MOST) + ']'.repeat(MOST), 'malformed'),
  json('objects nested deeply', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, 'kind not supported'),
  json('a number without end', `{"a":${'9'.repeat(MOST)}}`, 'kind not supported'),
  json('a signed megabyte', JSON.stringify('a'.repeat(MB)), 'too large'),
  form('many fields', Array.from({ length: 6000 }, (_, n) => `f${n}=1`).join('&'), 'signature missing'),
  form('nothing but ampersands', '&'.repeat(MOST), 'signature missing'),
  form('percent signs', `a=${'%41'.repeat(MOST / 3)}&sign=x`, 'signature wrong'),
  form('plus signs', `a=${'+'.repeat(MOST)}&sign=x`, 'signature wrong'),
  form('equals signs', `a${'='.repeat(MOST)}&sign=x`, 'signature wrong'),
  form('a broken escape at the end', `sign=x&a=${'%41'.repeat(MOST / 3)}%`, 'malformed'),
  form('a field name without end', `${'a'.repeat(MOST)}=1&sign=x`, 'signature wrong'),
]

play('bombs', rows)
