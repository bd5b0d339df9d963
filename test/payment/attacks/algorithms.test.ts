import * as alipay from './alipay.js'
import { header } from './changes.js'
import { play } from './play.js'
import { believed, none, type Row, refused, v2Payment } from './table.js'
import * as v2 from './weixinV2.js'

const SUITE_IS_A_HEADER = none('names its algorithm in a header')

const rows: Row[] = [
  {
    name: 'another algorithm, not declared',
    trap: 'Nothing in a message chooses how it is checked.',
    cells: {
      'weixin-v2': v2Payment(refused('signature wrong', v2.payment({}, { type: 'HMAC-SHA256' }))),
      'weixin-v3': SUITE_IS_A_HEADER,
      alipay: refused('signature wrong', alipay.notice({}, { type: 'RSA' })),
    },
  },
  {
    name: 'another algorithm, and none declared',
    trap: 'Nothing in a message chooses how it is checked, neither by what it says nor by what it leaves out.',
    cells: {
      'weixin-v2': none('leaves it out where it is the usual one: see above'),
      'weixin-v3': SUITE_IS_A_HEADER,
      alipay: refused('signature wrong', alipay.notice({ sign_type: undefined }, { type: 'RSA' })),
    },
  },
  {
    name: 'another algorithm, declared',
    trap: 'An algorithm taken from the message lets an RSA2 merchant accept RSA with SHA-1.',
    cells: {
      'weixin-v2': v2Payment(
        refused('signature type not ours', v2.payment({ sign_type: 'HMAC-SHA256' }, { type: 'HMAC-SHA256' })),
      ),
      'weixin-v3': refused(
        'signature type not ours',
        header('wechatpay-signature-type', 'WECHATPAY2-SM2-WITH-SM3'),
      ),
      alipay: refused('signature type not ours', alipay.notice({ sign_type: 'RSA' }, { type: 'RSA' })),
    },
  },
  ...['NONE', '__proto__'].map(
    (type): Row => ({
      name: `an algorithm called ${type}`,
      trap: 'An unknown sign_type ended in a TypeError.',
      cells: {
        'weixin-v2': v2Payment(refused('signature type not ours', v2.payment({ sign_type: type }))),
        'weixin-v3': refused('signature type not ours', header('wechatpay-signature-type', type)),
        alipay: refused('signature type not ours', alipay.notice({ sign_type: type })),
      },
    }),
  ),
  {
    name: 'the usual algorithm, declared or not',
    trap: 'sign_type is left out by some messages and named by others.',
    cells: {
      'weixin-v2': v2Payment(believed(v2.payment({ sign_type: 'MD5' }))),
      'weixin-v3': believed(header('wechatpay-signature-type', undefined)),
      alipay: believed(alipay.notice({ sign_type: undefined })),
    },
  },
  {
    name: 'sign_type among what is signed',
    trap: 'Trade notices leave sign_type out of the signature, some other kinds keep it.',
    cells: {
      'weixin-v2': none('sign_type is a field like others there'),
      'weixin-v3': SUITE_IS_A_HEADER,
      alipay: believed(alipay.notice({}, { keepsType: true })),
    },
  },
]

play('algorithms', rows)
