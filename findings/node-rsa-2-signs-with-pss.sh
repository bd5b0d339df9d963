#!/usr/bin/env bash
# Guess: node-rsa signs as it always did, PKCS#1 v1.5 with SHA-256, which is what WeChat Pay and
#        Alipay verify.
# Seen:  2.0.0 signs with PSS unless told otherwise, where 1.1.1 gave PKCS#1; the call is the same
#        and nothing warns. setOptions({ signingScheme: 'pkcs1-sha256' }) gives the old one.
# Why it matters here: after an update every request is refused with SIGN_ERROR, though the key is
#        right; signatures are made with node:crypto here, and node-rsa reads odd key texts only.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund old@npm:node-rsa@1.1.1 new@npm:node-rsa@2.0.0
cat > run.mjs <<'JS'
import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import Old from 'old'
import New from 'new'
const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' })
const text = Buffer.from('POST\n/v3/pay/transactions/jsapi\n1\nn\n{}\n')
const told = new New(pem)
told.setOptions({ signingScheme: 'pkcs1-sha256' })
const signatures = { '1.1.1': new Old(pem).sign(text), '2.0.0': new New(pem).sign(text), '2.0.0 pkcs1-sha256': told.sign(text) }
for (const [version, signature] of Object.entries(signatures)) {
  const pkcs1 = crypto.verify('sha256', text, publicKey, signature)
  const pss = crypto.verify('sha256', text, { key: publicKey, padding: crypto.constants.RSA_PKCS1_PSS_PADDING }, signature)
  console.log(version.padEnd(18), 'PKCS#1 v1.5:', pkcs1, 'PSS:', pss)
  assert.deepEqual([pkcs1, pss], version === '2.0.0' ? [false, true] : [true, false])
}
JS
node run.mjs
