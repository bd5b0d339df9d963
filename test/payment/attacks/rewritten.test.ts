import { swap, text } from './changes.js'
import { play } from './play.js'
import { believed, type Cell, type Maker, none, type Row, refused } from './table.js'
import * as v2 from './weixinV2.js'

/** The same message, written in another way: where the bytes are signed that is another, where the meaning is, it is not. */

const BYTES = 'The bytes are what is signed: whoever parses and writes them again has another message.'

const malformed = (make: Maker): Cell => refused('malformed', make)
const wrong = (make: Maker): Cell => refused('signature wrong', make)

const lineEnds = (name: string, trap: string, payment: Cell): Row => ({
  name: `line ends, ${name}`,
  trap,
  cells: {
    'weixin-v2': { payment, refund: none('not signed, and nothing in it has line ends') },
    'weixin-v3': none('has them escaped'),
    alipay: none('has them escaped'),
  },
})

const rows: Row[] = [
  {
    name: 'a byte order mark in front',
    trap: BYTES,
    cells: {
      'weixin-v2': believed(text((all) => `\ufeff${all}`)),
      'weixin-v3': wrong(text((all) => `\ufeff${all}`)),
      alipay: malformed(text((all) => `\ufeff${all}`)),
    },
  },
  {
    name: 'a line end at the end',
    trap: BYTES,
    cells: {
      'weixin-v2': believed(text((all) => `${all}\r\n`)),
      'weixin-v3': wrong(text((all) => `${all}\r\n`)),
      alipay: believed(text((all) => `${all}\r\n`)),
    },
  },
  ...['one\r\ntwo', 'one\rtwo', 'one\ntwo\r\nthree'].map((attach) =>
    lineEnds(
      `as signed: ${JSON.stringify(attach)}`,
      'XML has a reader make LF of them, and WeChat signs what the merchant wrote.',
      believed(v2.payment({ attach })),
    ),
  ),
  lineEnds(
    'as signed, one of them as a reference',
    'Both are the same text.',
    believed(
      v2.payment(
        { attach: 'one\r\ntwo' },
        { written: (all) => all.replace('one\r\ntwo', 'one]]>&#13;&#10;<![CDATA[two') },
      ),
    ),
  ),
  lineEnds(
    'made longer on the way',
    'XML calls it the same text, and it is read as the one that was signed.',
    believed(swap(/\n/g, '\r\n', v2.payment({ attach: 'one\ntwo' }))),
  ),
  lineEnds(
    'made shorter on the way',
    'What was signed is not there any more.',
    wrong(swap(/\r\n/g, '\n', v2.payment({ attach: 'one\r\ntwo' }))),
  ),
  lineEnds(
    'moved to another place',
    'The two readings of a text must not be mixed, field by field.',
    wrong(swap('a\r\nb\n', 'a\nb\r\n', v2.payment({ attach: 'a\r\nb\n' }))),
  ),
  {
    name: 'the fields in another order',
    trap: 'Parsed and written again, keys come in another order; only where the names are sorted is that the same.',
    cells: {
      'weixin-v2': believed(
        text((all) => `<xml>${(all.match(/<(\w+)>(?!<\w).*?<\/\1>/g) ?? []).reverse().join('')}</xml>`),
      ),
      'weixin-v3': wrong(
        text((all) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(all)).reverse()))),
      ),
      alipay: believed(text((all) => all.split('&').reverse().join('&'))),
    },
  },
  {
    name: 'written again with blanks',
    trap: BYTES,
    cells: {
      'weixin-v2': believed(text((all) => `<?xml version="1.0"?>\n${all.replace(/<\/\w+>/g, '$&\n\t')}`)),
      'weixin-v3': wrong(text((all) => JSON.stringify(JSON.parse(all), undefined, 1))),
      alipay: believed(text((all) => all.replaceAll('+', '%20'))),
    },
  },
  {
    name: 'escapes written in another way',
    trap: 'Hex digits large or small, entities or CDATA: one meaning, and the meaning is signed.',
    cells: {
      'weixin-v2': believed(
        text((all) =>
          all.replace(/<!\[CDATA\[(.*?)\]\]>/gs, (_all, value: string) =>
            value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('A', '&#65;'),
          ),
        ),
      ),
      'weixin-v3': wrong(text((all) => all.replace('成功', '\\u6210\\u529f'))),
      alipay: believed(text((all) => all.replace(/%[0-9A-F]{2}/g, (found) => found.toLowerCase()))),
    },
  },
]

play('written again', rows)
