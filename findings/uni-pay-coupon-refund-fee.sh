#!/usr/bin/env bash
# Guess: couponRefundFee in the answer of uni-pay's refundQuery is the amount of the coupon that
#        went back, in fen.
# Version: @dcloudio/uni-pay 1.0.2
# Seen:  @dcloudio/uni-pay 1.0.2 puts the coupon's number there: for a coupon `2002` of which 3 fen
#        went back it answers couponRefundFee 2002.
# Why it matters here: books that were kept with uni-pay can hold refunds of thousands of yuan that
#        never were. Ours gives the fee, so the two differ after the require is changed.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund @dcloudio/uni-pay@1.0.2
cat > run.cjs <<'JS'
const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const key = 'k'.repeat(32)
const answer = {
  return_code: 'SUCCESS', result_code: 'SUCCESS', appid: 'wx8888888888888888', mch_id: '1900000109', nonce_str: 'n',
  out_trade_no: 'A1', total_fee: '100', cash_fee: '97', refund_count: '1', out_refund_no_0: 'R1', refund_id_0: '5000',
  refund_fee_0: '100', refund_status_0: 'SUCCESS', coupon_refund_fee_0: '3', coupon_refund_count_0: '1',
  coupon_type_0_0: 'CASH', coupon_refund_id_0_0: '2002', coupon_refund_fee_0_0: '3',
}
const text = Object.keys(answer).sort().map((name) => `${name}=${answer[name]}`).join('&')
answer.sign = crypto.createHash('md5').update(`${text}&key=${key}`).digest('hex').toUpperCase()
const xml = `<xml>${Object.entries(answer).map(([name, value]) => `<${name}><![CDATA[${value}]]></${name}>`).join('')}</xml>`
globalThis.uniCloud = { httpclient: { request: async () => ({ status: 200, data: xml }) } }
const pay = require('@dcloudio/uni-pay').initWeixin({ appId: answer.appid, mchId: answer.mch_id, key, clientType: 'mp-weixin' })
pay.refundQuery({ outTradeNo: 'A1' }).then((result) => {
  console.log(JSON.stringify(result.refundList[0]))
  assert.deepEqual(result.refundList[0].couponList, [{ couponRefundId: '2002', couponType: 'CASH', couponRefundFee: 2002 }])
  assert.equal(result.refundList[0].couponRefundFee, 3)
}).catch((error) => { console.error(error); process.exitCode = 1 })
JS
node run.cjs
