#!/usr/bin/env bash
# Guess: the `timestamp` that Alipay's own SDK puts into a request is Beijing time wherever it runs,
#        since the gateway knows no other.
# Version: alipay-sdk 4.14.0
# Seen:  alipay-sdk 4.14.0 writes the wall clock of the process: under TZ=UTC, which is what
#        Function Compute and most containers have, it is eight hours behind, and it carries no zone.
# Why it matters here: what the gateway compares with its clock, and `time_expire` beside it, must
#        not depend on where a function runs; the timestamp is written in Beijing time here.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund alipay-sdk@4.14.0
cat > run.mjs <<'JS'
import crypto from 'node:crypto'
import { AlipaySdk } from 'alipay-sdk'
const RealDate = Date
const instant = RealDate.UTC(2026, 10, 30, 18, 0, 0)
globalThis.Date = class extends RealDate {
  constructor(...given) {
    super(...(given.length ? given : [instant]))
  }
  static now() {
    return instant
  }
}
const { privateKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 })
const sdk = new AlipaySdk({ appId: '2021000000000000', privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }) })
const text = sdk.sdkExecute('alipay.trade.app.pay', { bizContent: { out_trade_no: 'A1', subject: 'sock', total_amount: '0.01' } })
console.log(new URLSearchParams(text).get('timestamp'))
JS
utc=$(TZ=UTC node run.mjs); beijing=$(TZ=Asia/Shanghai node run.mjs)
echo "the same instant: TZ=UTC $utc, TZ=Asia/Shanghai $beijing"
[ "$utc" = '2026-11-30 18:00:00' ] && [ "$beijing" = '2026-12-01 02:00:00' ]
