#!/usr/bin/env bash
# Guess: an XML reader with its defaults gives the text of an element, and text in CDATA above all
#        stays as it was written.
# Seen:  fast-xml-parser 5.12.1 makes numbers of whatever looks like one, inside CDATA too: the 28
#        digits of a WeChat Pay transaction_id lose twelve of them, an order number `20261201E5`
#        becomes 2026120100000, `007` becomes 7 and a hexadecimal nonce becomes decimal.
# Why it matters here: version 2 of WeChat Pay signs the texts, so an authentic message no longer
#        fits its signature, and an order is looked up under a number that nobody gave.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund fast-xml-parser@5.12.1
cat > run.mjs <<'JS'
import assert from 'node:assert/strict'
import { XMLParser } from 'fast-xml-parser'
const fields = {
  transaction_id: '4200001234202612010123456789',
  out_trade_no: '20261201E5',
  attach: '007',
  nonce_str: '0x1F',
}
const xml = `<xml>${Object.entries(fields).map(([k, v]) => `<${k}><![CDATA[${v}]]></${k}>`).join('')}</xml>`
const byDefault = new XMLParser().parse(xml).xml
console.log('by default           ', JSON.stringify(byDefault))
assert.deepEqual(byDefault, {
  transaction_id: 4.200001234202612e27, out_trade_no: 2026120100000, attach: 7, nonce_str: 31,
})
const asText = new XMLParser({ parseTagValue: false }).parse(xml).xml
console.log('parseTagValue: false ', JSON.stringify(asText))
assert.deepEqual(asText, fields)
JS
node run.mjs
