import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import {
  openSealedSettings,
  SEALED_FILE,
  sealedFileSource,
  sealingKey,
  sealSettings,
} from '../../shared/config/sealed.js'
import { Settings } from '../../shared/config/settings.js'

/** Settings that travel in the package: sealed by deployment, opened by the function. */

const key = Buffer.alloc(32, 7)
const values = { WEIXIN_APP_SECRET: '0123456789abcdef0123456789abcdef', WEIXIN_APP_ID: 'wx0123456789abcdef' }

function sealedIn(bytes: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'sealed-'))
  writeFileSync(join(folder, SEALED_FILE), bytes)
  return folder
}

t.test('what was sealed is read with the key, and nothing of it shows without', async (t) => {
  const file = sealSettings(values, key)
  t.notOk(file.includes('wx0123456789abcdef'))
  t.strictSame(openSealedSettings(file, key), values)
  const source = sealedFileSource({ SETTINGS_KEY: key.toString('base64') }, sealedIn(file))
  t.ok(source)
  const settings = new Settings(source ? [source] : [], new Set(['WEIXIN_APP_ID', 'WEIXIN_MCH_ID'] as const))
  t.equal(settings.get('WEIXIN_APP_ID'), values.WEIXIN_APP_ID)
  t.equal(settings.get('WEIXIN_MCH_ID'), undefined)
})

t.test('equal settings make equal files, in whatever order they were read', async (t) => {
  const reordered = { WEIXIN_APP_ID: values.WEIXIN_APP_ID, WEIXIN_APP_SECRET: values.WEIXIN_APP_SECRET }
  t.strictSame(sealSettings(reordered, key), sealSettings(values, key))
  const other = sealSettings({ ...values, WEIXIN_APP_ID: 'wx0000000000000000' }, key)
  t.notSame(other.subarray(0, 12), sealSettings(values, key).subarray(0, 12), 'another text, another nonce')
  t.notSame(sealSettings(values, Buffer.alloc(32, 8)), sealSettings(values, key))
})

t.test('another key, a changed byte and a short file are refused alike', async (t) => {
  const file = sealSettings(values, key)
  t.throws(() => openSealedSettings(file, Buffer.alloc(32, 8)), { message: /not opened/ })
  for (const at of [0, 12, file.length - 1]) {
    const changed = Buffer.from(file)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    t.throws(() => openSealedSettings(changed, key), { message: /not opened/ })
  }
  t.throws(() => openSealedSettings(file.subarray(0, 20), key), { message: /not opened/ })
})

t.test('what does not open is named in the error about the missing setting', async (t) => {
  const missing = (env: Record<string, string>, folder: string) => {
    const source = sealedFileSource(env, folder)
    return new Settings(source ? [source] : [], new Set(['WEIXIN_APP_ID'] as const)).missing('WEIXIN_APP_ID')
      .errMsg
  }
  const folder = sealedIn(sealSettings(values, key))
  const otherKey = Buffer.alloc(32, 9).toString('base64')
  t.match(missing({ SETTINGS_KEY: otherKey }, folder), /does not open it: deploy again/)
  t.match(missing({ SETTINGS_KEY: key.toString('base64') }, join(folder, 'none')), /not there/)
  t.match(missing({ SETTINGS_KEY: 'short' }, folder), /SETTINGS_KEY is not 32 bytes as base64/)
  t.notMatch(missing({ SETTINGS_KEY: otherKey }, folder), otherKey)
})

t.test('without a key there is no such source', async (t) => {
  t.equal(sealedFileSource({}, '.'), undefined)
  t.equal(sealedFileSource({ SETTINGS_KEY: '' }, '.'), undefined)
})

t.test('a key is 32 bytes as base64', async (t) => {
  t.strictSame(sealingKey(`${key.toString('base64')}\n`), key)
  for (const text of [
    '',
    key.toString('hex'),
    key.subarray(1).toString('base64'),
    key.toString('base64url'),
  ]) {
    t.equal(sealingKey(text), undefined, text)
  }
})
