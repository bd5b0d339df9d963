import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openSealedSettings, SEALED_FILE } from '../../shared/config/sealed.js'
import { zipFiles } from '../../shared/payment/zip.js'
import { packageCommand } from '../../tools/deploy/commands/package.js'
import { crc64 } from '../../tools/deploy/package/crc64.js'
import { openZipper } from '../../tools/deploy/package/zip.js'
import { standIn } from './cloud/index.js'
import { entry, testProject } from './testProject.js'

/** What is uploaded: archives that depend on their contents alone, with nothing secret readable in them. */

t.test('CRC-64 is the one of Function Compute and OSS', async (t) => {
  t.equal(crc64(Buffer.from('')), '0')
  // The check value of CRC-64/XZ (reveng.sourceforge.io, catalogue of parametrised CRC algorithms).
  t.equal(crc64(Buffer.from('123456789')), BigInt('0x995dc9bbdf1939fa').toString())
})

t.test('an archive is read back whole, and is the same whatever the order and however often', async (t) => {
  const files = [
    { path: 'vendor/b.js', bytes: Buffer.from('b'.repeat(5000)) },
    { path: 'index.js', bytes: Buffer.from('exports.handler = 1') },
    { path: 'empty', bytes: Buffer.alloc(0) },
  ]
  const zipper = openZipper()
  const zip = await zipper(files)
  t.strictSame(await zipper([...files].reverse()), zip)
  t.strictSame(await openZipper()(files), zip)
  const read = await zipFiles(zip)
  t.strictSame(
    read.map(({ name, content }) => [name.toString(), content.toString()]),
    [
      ['empty', ''],
      ['index.js', 'exports.handler = 1'],
      ['vendor/b.js', 'b'.repeat(5000)],
    ],
  )
  t.ok(zip.length < 500, 'compressed')
})

t.test('files in the archive may be read by everybody, which the platform needs', async (t) => {
  const zip = await openZipper()([{ path: 'a', bytes: Buffer.from('a') }])
  const entryAt = zip.indexOf(Buffer.from('PK\x01\x02', 'latin1'))
  t.equal(zip.readUInt16LE(entryAt + 4) >> 8, 3, 'made by Unix')
  t.equal(zip.readUInt32LE(entryAt + 38) >>> 16, 0o100644)
})

t.test('settings files are never packaged, old zips go, and no credential is asked for', async (t) => {
  const on = testProject(t, await standIn(t))
  on.shell = {}
  on.build('one')
  for (const name of ['.env', '.env.prod', 'vendor/.env.local', SEALED_FILE]) {
    on.write(`dist/functions/one/${name}`, 'WEIXIN_APP_SECRET=do-not-pack')
  }
  on.write('dist/functions/one/.environment.js', 'kept')
  on.write('.serverless/gone.zip', 'old')
  const { failure, printed } = await on.run(packageCommand)
  t.equal(failure, undefined)
  t.match(printed, /Packed 1 functions, 1 KB, into \.serverless in \d/)
  const files = await zipFiles(readFileSync(join(on.folder, '.serverless/one.zip')))
  t.strictSame(
    files.map(({ name }) => name.toString()),
    ['.environment.js', 'index.js', 'package.json'],
  )
  t.throws(() => readFileSync(join(on.folder, '.serverless/gone.zip')))
})

t.test('another folder can be named, and an unbuilt function says so', async (t) => {
  const on = testProject(t, await standIn(t))
  on.build('one')
  await on.run(packageCommand, { package: 'out/here' })
  t.ok(readFileSync(join(on.folder, 'out/here/one.zip')).length > 0)
  on.functions.two = entry()
  t.match((await on.run(packageCommand)).failure, /two is not in .*run npm run build first/)
})

t.test('settings beyond 4 KB go sealed, and the package stays the same while they do', async (t) => {
  const on = testProject(t, await standIn(t))
  const key = Buffer.alloc(32, 3)
  on.build('large')
  on.functions.large = entry({ settings: ['WEIXIN_MERCHANTS', 'WEIXIN_MCH_ID'], environment: { TZ: 'UTC' } })
  on.shell.WEIXIN_MERCHANTS = JSON.stringify([
    { mchId: '1900000109', key: 'secret-of-merchant-'.repeat(300) },
  ])
  on.shell.WEIXIN_MCH_ID = '1900000109'
  t.match(
    (await on.run(packageCommand)).failure,
    /large take \d+ bytes.*allows 4096[\s\S]*openssl rand -base64 32/,
  )
  on.shell.SETTINGS_KEY = key.toString('base64')
  t.equal((await on.run(packageCommand)).failure, undefined)
  const zip = readFileSync(join(on.folder, '.serverless/large.zip'))
  await on.run(packageCommand)
  t.strictSame(readFileSync(join(on.folder, '.serverless/large.zip')), zip, 'again, byte for byte')
  const sealed = (await zipFiles(zip)).find(({ name }) => name.toString() === SEALED_FILE)
  t.ok(sealed)
  t.strictSame(openSealedSettings(sealed?.content ?? Buffer.alloc(0), key), {
    WEIXIN_MERCHANTS: on.shell.WEIXIN_MERCHANTS,
    WEIXIN_MCH_ID: '1900000109',
  })
  t.notOk(zip.includes('secret-of-merchant'))
  t.notOk(zip.includes(key.toString('base64')))
  on.shell.SETTINGS_KEY = 'too-short'
  t.match((await on.run(packageCommand)).failure, /SETTINGS_KEY has to be 32 bytes as base64/)
})
