#!/usr/bin/env bash
# Guess: libsql, which says that it is compatible with better-sqlite3, gives rows of exactly the selected
#        columns, keeps every text, and refuses a statement that got too few values.
# Seen:  0.5.29 ends a text at its first NUL character without a word (SQLite itself keeps it: Python's
#        sqlite3 reads all of it back), adds `_metadata` to each row of get(), answers the whole row where
#        pluck() asks for one value, gives bytes as Buffer by get() and as ArrayBuffer by all(), and takes a missing value for null.
# Why it matters here: a row that is spread into a record stores `_metadata` with it, and pushes do hold NUL.
#        The embedded store writes JSON, in which NUL is escaped, and names the columns that it reads.
set -euo pipefail
dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT; cd "$dir"
npm init -y >/dev/null; npm install --silent --no-audit --no-fund libsql@0.5.29
cat > run.mjs <<'JS'
import assert from 'node:assert/strict'
import Libsql from 'libsql'
const database = new Libsql(':memory:')
database.exec('create table t (text, bytes)')
database.prepare('insert into t values (?, ?)').run('a\u0000b', Buffer.from([1]))
const row = database.prepare('select text, bytes from t').get()
console.log('row            ', row)
assert.equal(row.text, 'a')
assert.ok(Buffer.isBuffer(row.bytes))
const [other] = database.prepare('select bytes from t').all()
console.log('of all()       ', other)
assert.ok(other.bytes instanceof ArrayBuffer)
assert.deepEqual(Object.keys(row).sort(), ['_metadata', 'bytes', 'text'])
const plucked = database.prepare('select text from t').pluck().get()
console.log('pluck().get()  ', plucked)
assert.equal(plucked.text, 'a')
const short = database.prepare('select ? as one, ? as two').get(1)
console.log('a value missing', short)
assert.equal(short.two, null)
database.close()
JS
node run.mjs
python3 - <<'PY'
import sqlite3
database = sqlite3.connect(':memory:')
read = database.execute("select ?", ('a\0b',)).fetchone()[0]
print('sqlite3', sqlite3.sqlite_version, repr(read))
assert read == 'a\0b'
PY
