#!/usr/bin/env bash
# Guess: TextDecoder('gbk') and TextDecoder('gb18030') are one decoder, as the encoding standard
#        has it, and every GBK table knows the euro sign (A2 E3).
# Seen:  Node 20.20 (ICU) reads A2 E3 as the private U+E76C with 'gbk' and as U+20AC with 'gb18030',
#        FE 9F likewise, and breaks the four-byte 95 34 B2 35 in pieces with 'gbk'; iconv-lite 0.7.3
#        reads the euro with both. Python's 'gbk' refuses A2 E3 altogether, and its 'gb18030'
#        refuses the single byte 80 that Node reads as the euro sign.
# Why it matters here: bills and notices say GBK and hold what Java's GBK wrote; goods names with a
#        euro sign or a rare family name must not change or stop a bill.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund iconv-lite@0.7.3
cat > run.mjs <<'JS'
import assert from 'node:assert/strict'
import iconv from 'iconv-lite'
const hex = (text) => [...text].map((c) => `U+${c.codePointAt(0).toString(16).toUpperCase()}`).join(' ')
const bytes = { A2E3: [0xa2, 0xe3], FE9F: [0xfe, 0x9f], '9534B235': [0x95, 0x34, 0xb2, 0x35], 80: [0x80] }
const seen = {}
for (const [name, list] of Object.entries(bytes)) {
  const raw = Uint8Array.from(list)
  seen[name] = [
    hex(new TextDecoder('gbk').decode(raw)), hex(new TextDecoder('gb18030').decode(raw)),
    hex(iconv.decode(Buffer.from(raw), 'gbk')), hex(iconv.decode(Buffer.from(raw), 'gb18030')),
  ]
}
console.log(`Node ${process.versions.node}, ICU ${process.versions.icu}: TextDecoder gbk, gb18030, iconv-lite gbk, gb18030`)
console.table(seen)
assert.deepEqual(seen.A2E3, ['U+E76C', 'U+20AC', 'U+20AC', 'U+20AC'])
assert.deepEqual(seen.FE9F, ['U+E863', 'U+4DAE', 'U+4DAE', 'U+4DAE'])
assert.equal(seen['9534B235'][1], 'U+20BB7')
assert.ok(seen['9534B235'][0].startsWith('U+FFFD'))
assert.deepEqual(seen['80'].slice(0, 2), ['U+20AC', 'U+20AC'])
JS
node run.mjs
python3 - <<'PY'
def read(raw, codec):
    try:
        return f'U+{ord(raw.decode(codec)):04X}'
    except UnicodeDecodeError:
        return 'refused'
seen = {(raw.hex(), codec): read(raw, codec) for raw in (b'\xa2\xe3', b'\x80') for codec in ('gbk', 'gb18030')}
print('Python', seen)
assert seen == {('a2e3', 'gbk'): 'refused', ('a2e3', 'gb18030'): 'U+20AC', ('80', 'gbk'): 'refused', ('80', 'gb18030'): 'refused'}
PY
