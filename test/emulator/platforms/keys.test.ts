import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  keyPair,
  newKeyPair,
  privatePem,
  publicPem,
} from '../../../tools/emulator/platforms/certificates/index.js'

/** Where the keys of the local platforms come from. */

t.test('a key of a name is made once; a new one is nobody else’s, from the pool or not', async (t) => {
  delete process.env.RSA_KEY_POOL
  const ready = newKeyPair()
  const pool = join(t.testdir(), 'keys.json')
  writeFileSync(pool, JSON.stringify([privatePem(ready)]))
  process.env.RSA_KEY_POOL = pool
  const named = keyPair('somebody')
  t.equal(publicPem(named), publicPem(ready), 'from the pool')
  t.equal(keyPair('somebody'), named)
  const all = [named, keyPair('somebody else'), newKeyPair(), newKeyPair()].map(publicPem)
  t.equal(new Set(all).size, all.length, 'and made, when the pool is used up')
})
