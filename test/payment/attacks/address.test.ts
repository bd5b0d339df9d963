import { path } from './changes.js'
import { play } from './play.js'
import { believed, everywhere, nobody, type Row, refused } from './table.js'

const ADDRESS = 'The path picks the keys and proves nothing: whom nobody knows, nobody answers for.'

const rows: Row[] = [
  {
    name: 'another merchant in the path',
    trap: ADDRESS,
    cells: everywhere(
      refused(
        'unknown address',
        path((all) => all.replace(/\d+$/, '1900000110')),
      ),
    ),
  },
  ...[
    ['no provider and no merchant', (all: string) => all.replace(/\/.*/, '')],
    ['no merchant', (all: string) => all.replace(/\/\d+$/, '')],
    ['a provider of no one', (all: string) => all.replace(/\/.*\//, '/paypal/')],
    ['a provider named as a method', (all: string) => all.replace(/\/.*\//, '/constructor/')],
    ['a provider called __proto__', (all: string) => all.replace(/\/.*\//, '/__proto__/')],
    ['a path that climbs', (all: string) => `${all}/..`],
    ['a NUL in the path', (all: string) => `${all}%00`],
    ['a megabyte of path', (all: string) => `${all}/${'a'.repeat(8000)}`],
  ].map(
    ([name, change]): Row => ({
      name: String(name),
      trap: ADDRESS,
      cells: everywhere(nobody(path(change as (all: string) => string))),
    }),
  ),
  {
    name: 'at the address of another provider',
    trap: ADDRESS,
    cells: {
      'weixin-v2': refused(
        'signature missing',
        path((all) => all.replace('weixin-v2', 'weixin-v3')),
      ),
      'weixin-v3': refused(
        'malformed',
        path((all, { platforms }) => all.replace(/weixin-v3.*/, `alipay/${platforms.alipay.account.appId}`)),
      ),
      alipay: refused(
        'malformed',
        path((all, { platforms }) => all.replace(/alipay.*/, `weixin-v2/${platforms.merchant.mchId}`)),
      ),
    },
  },
  {
    name: 'at the address of another function',
    trap: 'Alipay sends both kinds to one place.',
    cells: everywhere(
      believed(
        path((all) =>
          all.replace(/^\w+/, (name) =>
            name === 'verifyPaymentNotify' ? 'verifyRefundNotify' : 'verifyPaymentNotify',
          ),
        ),
      ),
    ),
  },
  {
    name: 'with a query',
    trap: "Parameters of the address are nobody's word.",
    cells: everywhere(believed(path((all) => `${all}?out_trade_no=A000000&total_fee=1&sign=x`))),
  },
  {
    name: 'with a slash at the end',
    trap: 'Proxies add one.',
    cells: everywhere(believed(path((all) => `${all}/`))),
  },
]

play('addresses', rows)
