import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readFunctions } from './dist.js'
import { DIST } from './space.js'

/**
 * What a cold start has to read, in bytes: `index` loads at once, `all` is every file of a function but the packages in
 * `vendor/`. A limit is raised knowingly, by the change that needs the room, or not at all.
 */
type Bytes = Record<'index' | 'all', number>

/** The largest function of each group. */
const MOST: Readonly<Record<string, Bytes>> = {
  payment: { index: 95_000, all: 300_000 },
  weixin: { index: 70_000, all: 169_000 },
  alipay: { index: 82_000, all: 144_000 },
  core: { index: 100_000, all: 394_000 },
}

/** Of all functions. At e854bf6 they had 74,600 and 166,400. */
const MEAN: Bytes = { index: 65_000, all: 148_000 }

const bytesOf = (name: string): Bytes => {
  const folder = join(DIST, 'functions', name)
  const size = (file: string) => statSync(join(folder, file)).size
  const files = readdirSync(folder).filter((file) => file.endsWith('.js'))
  return { index: size('index.js'), all: files.reduce((sum, file) => sum + size(file), 0) }
}

const built = readFunctions().map(({ name, group }) => ({ name, group, ...bytesOf(name) }))

t.test('no function is larger than its group may be', async (t) => {
  for (const part of ['index', 'all'] as const) {
    for (const { name, group, [part]: bytes } of built) {
      const most = MOST[group]?.[part] ?? 0
      t.ok(bytes <= most, `${name}: ${bytes} bytes (${part}), of ${most} in ${group}`)
    }
    const mean = built.reduce((sum, { [part]: bytes }) => sum + bytes, 0) / built.length
    t.ok(mean <= MEAN[part], `${Math.round(mean)} bytes (${part}) on average, of ${MEAN[part]}`)
  }
})

t.test('few files are all that a function has of its own, since each costs a cold start', async (t) => {
  const rooms = ['alipay', 'diagnosis', 'weixin-v2', 'weixin-v3']
  const known = ['index.js', 'late.js', ...rooms.map((room) => `late-${room}.js`)]
  for (const { name } of built) {
    const files = readdirSync(join(DIST, 'functions', name)).filter((file) => file.endsWith('.js'))
    t.ok(
      files.every((file) => known.includes(file)),
      `${name}: ${files}`,
    )
  }
})
