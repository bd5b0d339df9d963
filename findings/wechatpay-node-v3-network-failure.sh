#!/usr/bin/env bash
# Guess: a payment call that did not reach WeChat Pay rejects.
# Version: wechatpay-node-v3 2.2.1
# Seen:  wechatpay-node-v3 2.2.1 resolves with `{ errRaw }` and no status at all when the network
#        failed, and with the status beside an error text when WeChat refused; nothing is thrown.
# Why it matters here: code that was written for exceptions takes a refund of unknown outcome for
#        one that was made. Outcomes are named here: not sent, refused, or unknown.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund wechatpay-node-v3@2.2.1
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 3650 -subj /CN=1900000109 -set_serial 0x7011223344556677889900AABBCCDDEEFF001122 2>/dev/null
cat > run.cjs <<'JS'
const assert = require('node:assert/strict')
const fs = require('node:fs')
const dns = require('node:dns')
// Loopback has nobody on this port, so that the call fails the same way with and without internet.
dns.lookup = (_host, options, done) => {
  const answer = typeof options === 'function' ? options : done
  return options?.all ? answer(null, [{ address: '127.0.0.1', family: 4 }]) : answer(null, '127.0.0.1', 4)
}
const WxPay = require('wechatpay-node-v3')
const pay = new WxPay({
  appid: 'wx8888888888888888', mchid: '1900000109', publicKey: fs.readFileSync('cert.pem'), privateKey: fs.readFileSync('key.pem'),
})
const refund = { out_trade_no: 'A1', out_refund_no: 'R1', amount: { refund: 1, total: 1, currency: 'CNY' } }
pay.refunds(refund).then((result) => {
  console.log('resolved with', JSON.stringify(result))
  assert.equal(result.status, undefined)
  assert.equal(result.errRaw.code, 'ECONNREFUSED')
}).catch((error) => { console.error('rejected', error); process.exitCode = 1 })
JS
node run.cjs
