import * as alipay from './alipay.js'
import { swap } from './changes.js'
import { play } from './play.js'
import { believed, type Cell, none, type Row, refused } from './table.js'
import type { Changes } from './weixinV2.js'
import * as v2 from './weixinV2.js'
import * as v3 from './weixinV3.js'

/** Fields that are missing or strange, in messages that are the provider's own. */

/** JSON's own way to a member of that name: written as a literal it would set the prototype. */
const named: Changes = JSON.parse('{"__proto__":"1","constructor":"2"}')

const ODD = '茶 & <b> "quoted" \'too\' ]]> 50% a+b=c 😀\n  second line  '

const CONTROLS = 'a\u001d\u0002\u0008\u0010\ufffeb'
const LONG = '12345678901234567890'

const said = (name: string, trap: string, flat: Changes, v3Cell: Cell, form: Changes): Row => ({
  name,
  trap,
  cells: {
    'weixin-v2': { payment: believed(v2.payment(flat)), refund: believed(v2.refund(flat)) },
    'weixin-v3': v3Cell,
    alipay: believed(alipay.notice(form)),
  },
})

const rows: Row[] = [
  {
    name: 'no order number',
    trap: 'Who claims a payment of no order claims nothing.',
    cells: {
      'weixin-v2': {
        payment: refused('incomplete', v2.payment({ out_trade_no: undefined })),
        refund: refused('incomplete', v2.refund({ out_trade_no: undefined })),
      },
      'weixin-v3': refused('incomplete', v3.notice({ out_trade_no: '' })),
      alipay: refused('incomplete', alipay.notice({ out_trade_no: undefined })),
    },
  },
  {
    name: 'no number of the payment',
    trap: 'Who claims a payment without its number claims nothing.',
    cells: {
      'weixin-v2': {
        payment: refused('incomplete', v2.payment({ transaction_id: undefined })),
        refund: believed(v2.refund({ transaction_id: undefined })),
      },
      'weixin-v3': {
        payment: refused('incomplete', v3.notice({ transaction_id: undefined })),
        refund: believed(v3.notice({ transaction_id: undefined })),
      },
      alipay: refused('incomplete', alipay.notice({ trade_no: '' })),
    },
  },
  {
    name: 'no amount',
    trap: 'A missing amount became NaN, and null in JSON.',
    cells: {
      'weixin-v2': {
        payment: refused('incomplete', v2.payment({ total_fee: undefined })),
        refund: refused('incomplete', v2.refund({ refund_fee: undefined })),
      },
      'weixin-v3': {
        payment: refused('incomplete', v3.notice({ amount: {} })),
        refund: believed(v3.notice({ amount: {} })),
      },
      alipay: refused('incomplete', alipay.notice({ total_amount: undefined })),
    },
  },
  {
    name: 'an order number that is a list',
    trap: 'Names and values come from outside, and so do their types.',
    cells: {
      'weixin-v2': none('XML has texts alone'),
      'weixin-v3': refused('incomplete', v3.notice({ out_trade_no: ['A'] })),
      alipay: none('forms have texts alone'),
    },
  },
  {
    name: 'a time that is none',
    trap: 'A date that cannot be read became an exception.',
    cells: {
      'weixin-v2': none('its time is given on as text'),
      'weixin-v3': refused('incomplete', v3.notice({ success_time: '2050-13-45T99:00:00+08:00' })),
      alipay: none('its times are given on as text'),
    },
  },
  said(
    'fields that nobody has heard of',
    'A list of known fields breaks when the provider adds one.',
    { new_field: '0', promotion_detail: '{"a":[1]}', empty: '' },
    believed(v3.notice({ new_field: [1], more: { deep: {} } }, { envelope: { more: {} } })),
    { new_field: '0', 'a.b-c': '{"a":[1]}', empty: '' },
  ),
  said(
    'fields called __proto__ and constructor, signed',
    'Field names come from outside; as keys of an object they reach into the language.',
    named,
    believed(
      v3.notice(
        {},
        { inner: (text) => text.replace('{', '{"__proto__":{"polluted":true},"constructor":1,') },
      ),
    ),
    named,
  ),
  {
    name: 'a NUL in a value',
    trap: 'Texts end there in other languages.',
    cells: {
      'weixin-v2': {
        payment: refused('malformed', v2.payment({ attach: 'a\0b' })),
        refund: refused('malformed', v2.refund({ refund_recv_accout: 'a\0b' })),
      },
      'weixin-v3': believed(v3.notice({ attach: 'a\0b' })),
      alipay: believed(alipay.notice({ subject: 'a\0b' })),
    },
  },
  said(
    'control characters in a value',
    'Users type them, providers pass them on and sign them: an exception would lose a payment.',
    { attach: CONTROLS, refund_recv_accout: CONTROLS },
    believed(
      v3.notice({ attach: 'CONTROLS' }, { inner: (text) => text.replace('CONTROLS', `${CONTROLS}\n\t`) }),
    ),
    { subject: CONTROLS },
  ),
  {
    name: 'a name that a control character ends',
    trap: 'What one reader drops and the other keeps makes two messages of one.',
    cells: {
      'weixin-v2': {
        payment: refused('malformed', swap('out_trade_no>', 'out_trade_no\u001d>')),
        refund: refused('malformed', swap('req_info>', 'req_info\u001d>')),
      },
      'weixin-v3': refused(
        'other merchant',
        v3.notice({}, { inner: (text) => text.replace('mchid"', 'mchid\u0008"') }),
      ),
      alipay: refused('malformed', swap('out_trade_no=', 'out_trade_no%1D=')),
    },
  },
  {
    name: 'a field told twice, signed',
    trap: 'Readers that differ in which one counts read two messages.',
    cells: {
      'weixin-v2': {
        payment: refused('malformed', swap('</xml>', '<total_fee>1</total_fee></xml>')),
        refund: refused(
          'malformed',
          v2.refund({}, { inner: (text) => text.replace('</root>', '<refund_fee>1</refund_fee></root>') }),
        ),
      },
      'weixin-v3': believed(
        v3.notice(
          {},
          { inner: (text) => `{"amount":{"total":1},"out_trade_no":"other","long":${LONG},${text.slice(1)}` },
        ),
      ),
      alipay: refused('malformed', swap('out_trade_no=', 'out_trade_no=other&out_trade_no=')),
    },
  },
  said(
    'text with everything in it',
    'CDATA over lines, brackets that end it, entities, plus and percent signs: decoded once, and signed as meant.',
    { attach: ODD },
    believed(v3.notice({ attach: ODD })),
    { subject: ODD },
  ),
]

play('fields', rows)
