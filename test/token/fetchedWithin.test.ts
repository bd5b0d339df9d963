import t from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { deployment } from './instances.js'

const HOUR_MS = 3_600_000

t.test('a token of at most an hour, and one that the provider is asked for now', async (t) => {
  const { clock, provider, start } = deployment([await openEmbeddedStore()])
  const keeper = start()
  t.equal(await clock.runUntil(keeper.fetchedWithin(HOUR_MS)), 'token-1')
  await clock.advance(HOUR_MS - 1000)
  t.equal(await clock.runUntil(keeper.fetchedWithin(HOUR_MS)), 'token-1')
  t.equal(provider.fetches.length, 1, 'remembered')
  await clock.advance(2000)
  t.equal(
    await clock.runUntil(keeper.fetchedWithin(HOUR_MS)),
    'token-1',
    'the stable endpoint gives the same',
  )
  t.equal(provider.fetches.length, 2, 'and was asked')
  t.equal(await clock.runUntil(start().fetchedWithin(HOUR_MS)), 'token-1')
  t.equal(provider.fetches.length, 2, 'another instance finds it in the store')
  await clock.runUntil(keeper.fetchedWithin(0))
  t.equal(provider.fetches.length, 3)
  t.equal(await clock.runUntil(keeper.get()), 'token-1')
  t.equal(provider.fetches.length, 3, 'whoever does not mind its age has it in memory')
})

t.test('many who want one at once cause one fetch', async (t) => {
  const { provider, startMany, all } = deployment([await openEmbeddedStore()], 'plain')
  const tokens = await all(startMany(20), (keeper) => keeper.fetchedWithin(HOUR_MS))
  t.same(new Set(tokens), new Set(['token-1']))
  t.equal(provider.fetches.length, 1)
})
