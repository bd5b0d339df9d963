import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { ECHO, openLocalCloud, plain } from './localCloud.js'

/** A developer's own cloud functions beside the built ones. */

const BUILT = {
  echo: ECHO,
  probe: {
    code: 'exports.main = async () => ({ sees: typeof uniCloud }); exports.handler = () => undefined',
  },
}

const OWN = {
  'calls/index.js': `
const { price } = require('prices')
exports.main = async (event, context) => {
  const { result } = await uniCloud.callFunction({ name: event.name, data: { price } })
  return { result, source: context.SOURCE }
}`,
  'calls/package.json': '{ "cloudfunction-config": { "path": "/shop/calls", "timeout": 3 } }',
  'echo/index.js': 'exports.main = async () => "a copy for uploading"',
  'empty/index.js': 'module.exports = {}',
  'kept/index.js': 'exports.main = async () => uniCloud.database()',
  'common/prices/index.js': 'exports.price = 1999',
  'notes/readme.md': 'no function',
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

t.test('own functions', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'own-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(OWN)) write(join(folder, path), text)
  const { cloud } = await openLocalCloud(t, BUILT, { functions: folder })
  const call = async (name: string, param: object = {}) => {
    const body = JSON.stringify({ param })
    const { status, text } = await plain(`${cloud.url}/cloudfunctions/${name}`, { method: 'POST', body })
    return { status, answer: JSON.parse(text) }
  }

  t.strictSame(
    cloud.ownFunctions(),
    ['calls', 'empty', 'kept'],
    'names that are built stay with the built ones',
  )
  t.match(await call('echo', { a: 1 }), { answer: { event: { a: 1 } } })

  t.match(
    await call('calls', { name: 'echo' }),
    { answer: { source: 'client', result: { event: { price: 1999 }, context: { SOURCE: 'function' } } } },
    'they call others with the rank of a server, and find common modules',
  )
  t.match(await call('calls', { name: 'probe' }), { answer: { result: { sees: 'undefined' } } })
  t.match(await call('calls', { name: 'nobody' }), { status: 500, answer: { message: /there is no nobody/ } })
  t.match(await call('empty'), { status: 500, answer: { message: /exports no main: it is CommonJS/ } })
  t.match(await call('kept'), { status: 500, answer: { message: /no uniCloud database/ } })

  const byUrl = await plain(`${cloud.url}/http/shop/calls/more`)
  t.match(byUrl, { status: 500 }, 'its own path leads to it')
  t.match((await plain(cloud.url)).text, /"path":"\/shop\/calls"/)

  const changed = join(folder, 'common', 'prices', 'index.js')
  writeFileSync(changed, 'exports.price = 5')
  utimesSync(changed, 1, 1)
  t.match(
    await call('calls', { name: 'echo' }),
    { answer: { result: { event: { price: 5 } } } },
    'read again',
  )

  write(join(folder, 'late', 'index.js'), 'exports.main = () => "here"')
  t.match(await call('late'), { answer: 'here' }, 'one that came later is found')

  await cloud.close()
  t.notOk('uniCloud' in globalThis)
})

t.test('a folder without functions is refused', async (t) => {
  await t.rejects(
    openLocalCloud(t, {}, { functions: import.meta.dirname }),
    /expected a folder of cloud functions, each as <name>/,
  )
})
