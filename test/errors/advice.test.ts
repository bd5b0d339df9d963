import t from 'tap'
import { codes, subCodes } from '../../shared/alipay/errCodes.js'
import type { Meaning } from '../../shared/errors/index.js'
import { errCodes as weixinV2 } from '../../shared/payment/weixin-v2/failure.js'
import { errCodes as weixinV3 } from '../../shared/payment/weixin-v3/failure.js'
import { cloudFunction } from '../../shared/runtime/index.js'
import { probe, withHost } from '../runtime/probe.js'

/** What is the same thing at all three providers is advised the same. */

const same: [what: string, advice: string, ...codes: (Meaning | undefined)[]][] = [
  [
    "the merchant's balance is too small for a refund",
    'wait',
    ...[weixinV2.NOTENOUGH, weixinV3.NOT_ENOUGH, subCodes['ACQ.SELLER_BALANCE_NOT_ENOUGH']],
  ],
  [
    'there is no bill of that day',
    'fix the request',
    ...[weixinV2.NO_BILL_EXIST, weixinV3.NO_STATEMENT_EXIST, subCodes['isp.bill_not_exist']],
  ],
  [
    'the order is paid already',
    'fix the request',
    ...[weixinV2.ORDERPAID, weixinV3.ORDER_PAID, subCodes['ACQ.TRADE_HAS_SUCCESS']],
  ],
]

for (const [what, advice, ...rows] of same) {
  t.test(`${what}: ${advice}`, async (t) => {
    t.strictSame(
      rows.map((row) => row?.advice),
      rows.map(() => advice),
    )
  })
}

t.test('every code is advised, in one of the words there are', async (t) => {
  const words = /^(retry|refresh|wait|fix the request|fix the settings|ask the user|contact the provider)$/
  for (const table of [weixinV2, weixinV3, codes, subCodes]) {
    for (const [code, row] of Object.entries(table)) t.match(row.advice, words, code)
  }
})

t.test('that no client may call by URL is a setting, not a mistake of the request', async (t) => {
  const call = { path: '/', httpMethod: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
  await withHost({}, async () => {
    const answer = (await cloudFunction(probe()).main(call, { SOURCE: 'http' })) as { body: string }
    t.match(JSON.parse(answer.body), {
      errCode: 'FORBIDDEN',
      advice: 'fix the settings',
      errMsg: /CLIENT_HTTP=on/,
    })
  })
})
