import * as alipay from './alipay.js'
import { header, swap } from './changes.js'
import { play } from './play.js'
import { believed, type Cell, none, type Row, refused } from './table.js'

/** What can happen to a form and to nothing else: Alipay's notices, escaped once and in a charset they name. */

const form = (name: string, trap: string, alipay: Cell): Row => ({
  name,
  trap,
  cells: { 'weixin-v2': none('no form'), 'weixin-v3': none('no form'), alipay },
})

const rows: Row[] = [
  form(
    'percent signs that are no escapes',
    'Values decoded twice: "50% off" is no URI, "%41" becomes A.',
    believed(alipay.notice({ passback_params: '100%', subject: '50% off %41' })),
  ),
  form(
    'plus signs decoded twice',
    'A plus in the signature becomes a space where a form is decoded twice.',
    refused('signature wrong', swap(/%2B/g, '+', alipay.notice({ subject: 'a+b' }))),
  ),
  form(
    'percent signs decoded twice',
    'A gateway that undoes the escapes leaves broken ones.',
    refused('malformed', swap(/%25/g, '%')),
  ),
  form(
    'a field moved into another',
    'An ampersand that loses its escape begins a field of its own.',
    refused(
      'malformed',
      swap('%26total_amount%3D', '&total_amount=', alipay.notice({ subject: 'x&total_amount=0.01' })),
    ),
  ),
  form(
    'half a character',
    'What cannot be decoded is not repaired.',
    refused('signature wrong', swap('%E8%8C%B6', '%E8%8C')),
  ),
  form('spaces as %20', 'A space has two ways to be escaped.', believed(swap(/\+/g, '%20'))),
  ...['GBK', 'gb2312'].map((charset) =>
    form(
      `written in ${charset}, while the content type says UTF-8`,
      'charset=GBK was read as UTF-8.',
      believed(alipay.notice({ charset, subject: '\u20ac \u4dae \u{20bb7}' })),
    ),
  ),
  form(
    'written in GBK, which the content type alone says',
    'The charset may stand in the header and nowhere else.',
    believed(
      header(
        'content-type',
        'application/x-www-form-urlencoded; charset=GBK',
        alipay.notice({ charset: undefined }, { charset: 'gbk' }),
      ),
    ),
  ),
  form(
    'half a character of GBK, signed',
    'What cannot be decoded is not repaired, whoever signed it.',
    refused('malformed', alipay.notice({ charset: 'gbk', subject: 'a\u8336' }, { charset: 'utf-8' })),
  ),
  form(
    'written in GBK, said to be UTF-8',
    'A repaired text has another meaning.',
    refused('malformed', alipay.notice({ charset: 'utf-8' }, { charset: 'gbk' })),
  ),
  form(
    'in a charset of no one',
    'An unknown charset ended in an exception.',
    refused('malformed', alipay.notice({ charset: 'utf-7' })),
  ),
]

play('forms', rows)
