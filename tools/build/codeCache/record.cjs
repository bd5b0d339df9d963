'use strict'
// `node [flags] record.cjs FOLDER...`: writes the code caches of the functions that lie in these folders, for the Node
// and the flags that it runs with.
const { createHash } = require('node:crypto')
const { mkdirSync, readdirSync, writeFileSync } = require('node:fs')
const { dirname, join } = require('node:path')

const sha1 = (data) => createHash('sha1').update(data).digest()

/** A package that was compiled once is the same in every function that carries it. */
const vendored = new Map()

/** What V8 has compiled so far goes into the cache, so that what every call runs through has to have run. */
const attempts = {
  'vendor/mongodb.js': ({ MongoClient }) =>
    new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 100 }).connect(),
  'vendor/axios.js': ({ default: axios }) =>
    axios
      .create({ transformRequest: [(data) => data] })
      .request({ method: 'POST', url: 'http://127.0.0.1:1', data: 'x' }),
}

async function record(folder) {
  const scripts = new Map()
  let loadOwn
  globalThis[Symbol.for('unicloud-openapi.codeCache')] = ({ load, ...script }) => {
    loadOwn = load
    scripts.set(script.file, script)
  }
  const { main } = require(join(folder, 'index.js'))
  await main({}, { SOURCE: 'function' })
  for (const file of readdirSync(folder).filter((each) => /^late.*\.js$/.test(each))) {
    for (const part of Object.values(loadOwn(file))) part()
  }
  const { runtime } = scripts.get('main.js')
  for (const name of readdirSync(join(folder, 'vendor')).filter((each) => each.endsWith('.js'))) {
    const file = `vendor/${name}`
    if (!vendored.has(file)) {
      const loaded = loadOwn(file)
      await attempts[file]?.(loaded).catch(() => undefined)
      vendored.set(file, cacheOf(scripts.get(file)))
    }
    write(folder, runtime, file, vendored.get(file))
    scripts.delete(file)
  }
  for (const script of scripts.values()) write(folder, runtime, script.file, cacheOf(script))
}

function cacheOf({ source, script }) {
  const data = script.createCachedData()
  return Buffer.concat([sha1(source), sha1(data), data])
}

function write(folder, runtime, file, bytes) {
  const to = join(folder, 'cache', runtime, `${file}.bin`)
  mkdirSync(dirname(to), { recursive: true })
  writeFileSync(to, bytes)
}

async function all() {
  // No settings and nowhere to go: what is called comes as far as its first need.
  globalThis[Symbol.for('unicloud-openapi.host')] = { env: {}, log: () => undefined }
  for (const folder of process.argv.slice(2)) await record(folder)
  // The driver goes on looking for its server.
  process.exit(0)
}

all()
