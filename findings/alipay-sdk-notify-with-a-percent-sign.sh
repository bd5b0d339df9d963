#!/usr/bin/env bash
# Guess: checkNotifySign of Alipay's own Node SDK takes the fields of a notice as a web framework
#        parsed them.
# Version: alipay-sdk 4.14.0
# Seen:  alipay-sdk 4.14.0 decodes each value once more. A genuine notice whose subject is
#        `50% off` throws `URI malformed`, and one with `100%25` no longer fits its signature.
#        checkNotifySignV2, which the README names second, takes both.
# Why it matters here: goods names with a percent sign are everyday; the payment is made, and its
#        notice is refused until Alipay gives up. Values are decoded once here, and both are tests.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund alipay-sdk@4.14.0
cat > run.mjs <<'JS'
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { AlipaySdk } from 'alipay-sdk'
const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 })
const sdk = new AlipaySdk({
  appId: '2021000000000000',
  privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }),
  alipayPublicKey: publicKey.export({ type: 'spki', format: 'pem' }),
})
const outcome = (check) => {
  try {
    return check()
  } catch (error) {
    return error.message
  }
}
for (const [subject, first] of [['sock', true], ['50% off', 'URI malformed'], ['100%25', false]]) {
  const notice = { app_id: '2021000000000000', out_trade_no: 'A1', subject, total_amount: '0.01', trade_status: 'TRADE_SUCCESS' }
  const text = Object.keys(notice).sort().map((key) => `${key}=${notice[key]}`).join('&')
  const signed = { ...notice, sign_type: 'RSA2', sign: crypto.sign('sha256', Buffer.from(text), privateKey).toString('base64') }
  const seen = [outcome(() => sdk.checkNotifySign(signed)), outcome(() => sdk.checkNotifySignV2(signed))]
  console.log(subject.padEnd(8), 'checkNotifySign:', seen[0], ' checkNotifySignV2:', seen[1])
  assert.deepEqual(seen, [first, true])
}
JS
node run.mjs
