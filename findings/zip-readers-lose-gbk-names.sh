#!/usr/bin/env bash
# Guess: zip readers show a name that is not UTF-8 in one wrong but reversible way (code page 437),
#        so the Chinese file names in Alipay's bill archives can be put right afterwards.
# Version: yauzl 3.4.0, adm-zip 0.6.1, fflate 0.8.3, jszip 3.10.2, unzipper 0.12.5, node-stream-zip 1.16.0
# Seen:  of seven readers only yauzl 3.4.0 and Python's zipfile read code page 437 and fflate 0.8.3
#        Latin-1; adm-zip 0.6.1, jszip 3.10.2, unzipper 0.12.5 and node-stream-zip 1.16.0 read UTF-8 without
#        looking at the flag and put U+FFFD where the name was, from which nothing comes back.
# Why it matters here: which of the two files in the archive holds the rows and which the summary
#        is said by their names alone.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund yauzl@3.4.0 adm-zip@0.6.1 fflate@0.8.3 jszip@3.10.2 unzipper@0.12.5 node-stream-zip@1.16.0 iconv-lite@0.7.3
cat > run.py <<'PY'
import io, zipfile
name = '20881234567890120156_20261129_业务明细.csv'.encode('gbk')
out = io.BytesIO()
with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('P' * len(name), b'x\r\n')
data = out.getvalue().replace(b'P' * len(name), name)
open('bill.zip', 'wb').write(data)
read = zipfile.ZipFile('bill.zip').namelist()[0]
assert read.encode('cp437') == name
print('zipfile         ', read, '(reversible)')
PY
python3 run.py
cat > run.mjs <<'JS'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import AdmZip from 'adm-zip'
import { unzipSync } from 'fflate'
import iconv from 'iconv-lite'
import JSZip from 'jszip'
import StreamZip from 'node-stream-zip'
import unzipper from 'unzipper'
import yauzl from 'yauzl'
const bytes = fs.readFileSync('bill.zip')
const name = iconv.encode('20881234567890120156_20261129_业务明细.csv', 'gbk')
const stream = new StreamZip.async({ file: 'bill.zip' })
const read = {
  yauzl: await new Promise((ok, no) => yauzl.fromBuffer(bytes, (e, z) => (e ? no(e) : z.on('entry', (x) => ok(x.fileName))))),
  fflate: Object.keys(unzipSync(bytes))[0],
  'adm-zip': new AdmZip(bytes).getEntries()[0].entryName,
  jszip: Object.keys((await JSZip.loadAsync(bytes)).files)[0],
  unzipper: (await unzipper.Open.buffer(bytes)).files[0].path,
  'node-stream-zip': Object.keys(await stream.entries())[0],
}
await stream.close()
const reversible = (n, s) => iconv.encode(s, n === 'yauzl' ? 'cp437' : 'latin1').equals(name)
for (const [n, s] of Object.entries(read)) {
  const lost = s.includes('�')
  console.log(n.padEnd(16), s, lost ? '(lost)' : '(reversible)')
  assert.equal(lost, !['yauzl', 'fflate'].includes(n), n)
  if (!lost) assert.ok(reversible(n, s), n)
}
JS
node run.mjs
