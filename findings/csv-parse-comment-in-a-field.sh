#!/usr/bin/env bash
# Guess: `comment: '#'` of a CSV reader leaves out lines that begin with #, which is how Alipay's
#        bills carry their title and totals.
# Seen:  csv-parse 7.0.3 ends the row at any #, so the goods `Nike #1 shoe` read `Nike ` and the
#        columns behind it, the amount among them, are gone; with relax_column_count (which the
#        title lines need) there is no error. pandas 2.3.3 with comment='#' does the same and fills
#        the amount with NaN. `comment_no_infix: true` of csv-parse gives what was guessed.
# Why it matters here: goods names are the merchant's own text and stand before the amounts.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund csv-parse@7.0.3
python3 -m venv py >/dev/null; py/bin/pip --quiet --disable-pip-version-check install pandas==2.3.3
cat > run.mjs <<'JS'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { parse } from 'csv-parse/sync'
const bill = '#bill of 2026-11-29\norder,goods,amount\nA1,Nike #1 shoe,12.00\nA2,sock,3.00\n#total 15.00\n'
fs.writeFileSync('bill.csv', bill)
const rows = parse(bill, { comment: '#', relax_column_count: true })
console.log('csv-parse comment           ', JSON.stringify(rows))
assert.deepEqual(rows[1], ['A1', 'Nike '])
const whole = parse(bill, { comment: '#', comment_no_infix: true })
console.log('csv-parse comment_no_infix  ', JSON.stringify(whole))
assert.deepEqual(whole[1], ['A1', 'Nike #1 shoe', '12.00'])
JS
node run.mjs
cat > run.py <<'PY'
import pandas
rows = pandas.read_csv('bill.csv', comment='#')
print('pandas comment               ', rows.values.tolist())
assert rows.goods[0] == 'Nike ' and rows.amount.isna()[0] and rows.amount[1] == 3.0
PY
py/bin/python run.py
