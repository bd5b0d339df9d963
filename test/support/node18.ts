import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Test } from 'tap'
import { lockedFolder } from './lockedFolder.js'

/** One package per platform, pinned by its digest. */
const MANIFEST = join(import.meta.dirname, 'node18')

/**
 * Runs `work` with each Node that the clouds run functions on: this one, and 18. Where npm has no Node 18 for this
 * machine, its tests do not run, and say so aloud; with REQUIRE_NODE18=1 they fail.
 */
export async function eachNode(t: Test, work: (t: Test, node: string) => Promise<void>): Promise<void> {
  await t.test(`Node ${process.versions.node}`, (t) => work(t, process.execPath))
  const path = await node18().catch((error: Error) => error)
  if (typeof path === 'string') {
    await t.test('Node 18', (t) => work(t, path))
    return
  }
  const line = `the tests on Node 18 did NOT run: ${path.message}`
  if (process.env.REQUIRE_NODE18 === '1') return void t.fail(line)
  console.error(line)
  t.pass(line, { skip: line })
}

/**
 * The path of Node 18's executable. It comes from npm into the user's cache: as a dependency of ours it would be `node`
 * in every script. Rejects where it cannot be had.
 */
async function node18(): Promise<string> {
  return executableIn(await lockedFolder(MANIFEST, executableIn))
}

function executableIn(folder: string): string {
  const isWindows = process.platform === 'win32'
  const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`
  return createRequire(join(folder, 'index.js')).resolve(`${name}/bin/${isWindows ? 'node.exe' : 'node'}`)
}

/** A command that starts `node` bare: tap puts itself into every Node that a test starts, by this variable. */
export const bare = (node: string, ...args: string[]): [string, string[]] => [
  'env',
  ['-u', 'NODE_OPTIONS', node, ...args],
]
