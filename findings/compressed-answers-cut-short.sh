#!/usr/bin/env bash
# Guess: an HTTP client that unpacks gzip reports an error when the packed body ends in its middle.
# Seen:  axios 1.21.1 and the fetch of Node 20.20 answer status 200 with the first half of the text,
#        for gzip, deflate and br alike, as requests 2.32.3 and httpx 0.28.1 do for gzip: they flush
#        what they have. Only a content-length that does not fit is noticed, and a proxy that cut
#        the body sends one that fits.
# Why it matters here: half a bill reads like a whole bill of fewer payments. What is unpacked here
#        is unpacked strictly, and bills are held against their totals.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund axios@1.21.1
python3 -m venv py >/dev/null; py/bin/pip --quiet --disable-pip-version-check install requests==2.32.3 httpx==0.28.1
cat > run.py <<'PY'
import sys, httpx, requests
url, whole = sys.argv[1], int(sys.argv[2])
for name, body in (('requests', requests.get(url).content), ('httpx', httpx.get(url).content)):
    print(name.ljust(9), 'gzip    200', len(body), 'of', whole)
    assert 0 < len(body) < whole
PY
cat > run.mjs <<'JS'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import http from 'node:http'
import { promisify } from 'node:util'
import zlib from 'node:zlib'
import axios from 'axios'
const whole = Array.from({ length: 5000 }, (_, i) => `order${(i * 7919) % 10007},0.01`).join('\n')
const packs = { gzip: zlib.gzipSync, deflate: zlib.deflateSync, br: zlib.brotliCompressSync }
for (const [encoding, pack] of Object.entries(packs)) {
  const packed = pack(whole)
  const half = packed.subarray(0, packed.length >> 1)
  const server = http.createServer((_, response) => response.writeHead(200, { 'content-encoding': encoding, 'content-length': half.length }).end(half))
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
  const url = `http://127.0.0.1:${server.address().port}/`
  const byAxios = await axios.get(url)
  const byFetch = await fetch(url)
  const texts = { axios: byAxios.data, fetch: await byFetch.text() }
  for (const [client, text] of Object.entries(texts)) {
    console.log(client.padEnd(9), encoding.padEnd(7), 200, text.length, 'of', whole.length)
    assert.ok(text.length > 0 && text.length < whole.length && whole.startsWith(text.slice(0, 1000)))
  }
  assert.deepEqual([byAxios.status, byFetch.status], [200, 200])
  if (encoding === 'gzip') {
    const run = await promisify(execFile)('py/bin/python', ['run.py', url, String(whole.length)])
    process.stdout.write(run.stdout)
  }
  server.close()
  server.closeAllConnections()
}
JS
node run.mjs
