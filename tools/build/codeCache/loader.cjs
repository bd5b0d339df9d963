'use strict'
// Becomes `index.js` of a function that is built with code caches: loads what was `index.js`, and all it asks for, with
// what V8 made of it when it was built.
const { createHash } = require('node:crypto')
const { readFileSync } = require('node:fs')
const { wrap } = require('node:module')
const { join } = require('node:path')
const { Script } = require('node:vm')

/** V8 takes a cache under the settings alone that it was made with. */
const given = [...process.execArgv, ...(process.env.NODE_OPTIONS ?? '').split(/\s+/)]
const flags = given.filter((flag) => /^--(max|min|semi|initial|stack)[-_]/.test(flag)).sort()
const runtime = [process.versions.v8, process.platform, process.arch, ...flags]
  .join('_')
  .replace(/[^\w.-]/g, '_')

const sha1 = (data) => createHash('sha1').update(data).digest()

/**
 * The cache of a file, if it is whole and of this very source: V8 itself notices neither a flipped bit nor another text
 * of the same length. Where there is none it compiles, which takes longer and changes nothing.
 */
function cacheOf(file, source) {
  try {
    const bytes = readFileSync(join(__dirname, 'cache', runtime, `${file}.bin`))
    const data = bytes.subarray(40)
    const isGood = sha1(source).equals(bytes.subarray(0, 20)) && sha1(data).equals(bytes.subarray(20, 40))
    return isGood ? data : undefined
  } catch {
    return undefined
  }
}

const loaded = new Map()

function load(file) {
  const known = loaded.get(file)
  if (known) return known.exports
  const filename = join(__dirname, file)
  const source = wrap(readFileSync(filename, 'utf8'))
  const cachedData = cacheOf(file, source)
  const script = new Script(source, cachedData ? { filename, cachedData } : { filename })
  globalThis[Symbol.for('unicloud-openapi.codeCache')]?.({ file, source, script, runtime, load })
  const made = { exports: {}, id: filename, filename }
  loaded.set(file, made)
  try {
    script.runInThisContext()(made.exports, ask, made, filename, __dirname)
  } catch (error) {
    loaded.delete(file)
    throw error
  }
  return made.exports
}

function ask(id) {
  if (id === './index.js') return load('main.js')
  return /^\.\/(late[\w-]*|vendor\/[\w-]+)\.js$/.test(id) ? load(id.slice(2)) : require(id)
}

module.exports = load('main.js')
