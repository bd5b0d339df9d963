import { text } from './changes.js'
import { play } from './play.js'
import { believed, type Cell, type Maker, type Row, refused } from './table.js'

/** The same message, written in another way: where the bytes are signed that is another, where the meaning is, it is not. */

const BYTES = 'The bytes are what is signed: whoever parses and writes them again has another message.'

const malformed = (make: Maker): Cell => refused('malformed', make)
const wrong = (make: Maker): Cell => refused('signature wrong', make)

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
