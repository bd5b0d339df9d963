import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readGiven } from '../../tools/deploy/config/given.js'
import { blocksOf } from '../docs/blocks.js'
import { builtFunctions, clone } from './cli.js'

/** What the guide shows is what works. */

t.setTimeout(120_000)

const block = (language: string): string =>
  blocksOf('docs/deploy-fc.md').find((each) => each.language === language)?.text ?? ''

t.test('the serverless.yml with every key is valid and packs', async (t) => {
  const { folder, sls, write } = clone(t, { offline: true })
  symlinkSync(builtFunctions, join(folder, 'dist'))
  symlinkSync(join(builtFunctions, 'functions', 'tokenRefresh'), join(folder, 'own'))
  write('serverless.yml', block('yaml').replace('source: own/nightly', 'source: own'))
  const { code, out, err } = await sls('package')
  t.equal(code, 0, out + err)
  t.match(err, /Packed \d+ functions/)
})

t.test('every name in the .env of the guide is known', async (t) => {
  const folder = t.testdir({ '.env': block('ini') })
  const { warnings, settings, access } = readGiven(folder, 'dev', {})
  t.strictSame(warnings, [])
  t.equal(Object.keys(settings).length, 3)
  t.equal(Object.keys(access).length, 3)
})
