import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Test } from 'tap'
import { systemClock } from '../../shared/clock.js'
import { HOST, type Host } from '../../shared/runtime/index.js'

/** The library as its users get it: what `npm run build` made of it. */

export type Library = typeof import('../../shared/library/index.js')

const require = createRequire(import.meta.url)
const folder = join(import.meta.dirname ?? '', '..', '..', 'dist', 'library')
const file = join(folder, 'index.cjs')

/** A copy of its own, which remembers no token of another test's. */
export function freshLibrary(): Library {
  delete require.cache[file]
  return require(file) as Library
}

/** The same as an ES module, of which a process has one. */
export const libraryModule = (): Promise<Library> => import(pathToFileURL(join(folder, 'index.mjs')).href)

/** Gives the library this world to live in until the test is over. */
export function inHost(t: Test, host: Host): void {
  const globals = globalThis as { [HOST]?: Host }
  globals[HOST] = host
  t.teardown(() => {
    delete globals[HOST]
  })
}

/** A world where it is always `now` (ms), and nothing is random. */
export const stillHost = (now: number): Host => ({
  clock: { ...systemClock, now: () => now },
  random: { bytes: (length) => Buffer.alloc(length, 7) },
})

/** What a promise rejects with; an answer fails the test. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  let answer: unknown
  try {
    answer = await work
  } catch (error) {
    return error
  }
  throw new Error(`expected a rejection, got ${JSON.stringify(answer)}`)
}
