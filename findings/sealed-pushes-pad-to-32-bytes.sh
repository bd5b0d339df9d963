#!/usr/bin/env bash
# Guess: WeChat's sealed pushes are AES-256-CBC with PKCS#7, so a cipher with its own padding opens them.
# Seen:  they are padded to blocks of 32 bytes, as @wecom/crypto 1.0.1 writes them, and ciphers take a
#        padding of up to 16: node:crypto opens exactly 16 of 32 lengths and says `bad decrypt` to the rest,
#        and Python's cryptography 45.0.7 with PKCS7(128) fails for the same 16.
# Why it matters here: with a test message of a lucky length everything works, and half of the real ones are
#        lost. Padding is off here and removed by hand, for every length in a test.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund @wecom/crypto@1.0.1
python3 -m venv py >/dev/null; py/bin/pip --quiet --disable-pip-version-check install cryptography==45.0.7
cat > run.cjs <<'JS'
const assert = require('node:assert/strict')
const crypto = require('node:crypto')
const fs = require('node:fs')
const { decrypt, encrypt } = require('@wecom/crypto')
const encodingKey = crypto.createHash('sha256').update('k').digest('base64').slice(0, 43)
const key = Buffer.from(`${encodingKey}=`, 'base64')
const opened = []
const sealed = {}
for (let length = 1; length <= 32; length++) {
  sealed[length] = encrypt(encodingKey, 'x'.repeat(length), 'wx8888888888888888')
  assert.equal(decrypt(encodingKey, sealed[length]).message, 'x'.repeat(length))
  const cipher = crypto.createDecipheriv('aes-256-cbc', key, key.subarray(0, 16))
  try {
    cipher.update(sealed[length], 'base64')
    cipher.final()
    opened.push(length)
  } catch (error) {
    assert.equal(error.code, 'ERR_OSSL_BAD_DECRYPT')
  }
}
console.log('lengths that node:crypto opens:', opened.join(' '))
assert.equal(opened.length, 16)
fs.writeFileSync('sealed.json', JSON.stringify({ key: key.toString('hex'), sealed, opened }))
JS
node run.cjs
cat > run.py <<'PY'
import base64, json
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
given = json.load(open('sealed.json'))
key = bytes.fromhex(given['key'])
opened = []
for length, text in given['sealed'].items():
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = cipher.update(base64.b64decode(text)) + cipher.finalize()
    unpadder = padding.PKCS7(128).unpadder()
    try:
        unpadder.update(plain)
        unpadder.finalize()
        opened.append(int(length))
    except ValueError:
        pass
print('lengths that PKCS7(128) opens: ', *opened)
assert opened == given['opened']
PY
py/bin/python run.py
