import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Test } from 'tap'
import { lockedFolder } from './lockedFolder.js'

/** Those that npm brings: one package per platform, pinned by its digest. */
export type OtherNode = 18 | 22 | 24

/** Runs `work` with each Node that the clouds run functions on: this one, and 18. */
export async function eachNode(t: Test, work: (t: Test, node: string) => Promise<void>): Promise<void> {
  await t.test(`Node ${process.versions.node}`, (t) => work(t, process.execPath))
  await onNode(t, 18, work)
}

/**
 * Runs `work` with another Node. Where npm has none for this machine, its tests do not run, and say so aloud; with
 * REQUIRE_NODE18=1 they fail.
 */
export async function onNode(
  t: Test,
  version: OtherNode,
  work: (t: Test, node: string) => Promise<void>,
): Promise<void> {
  const path = await other(version).catch((error: Error) => error)
  if (typeof path === 'string') {
    await t.test(`Node ${version}`, (t) => work(t, path))
    return
  }
  const line = `the tests on Node ${version} did NOT run: ${path.message}`
  console.error(line)
  if (process.env.REQUIRE_NODE18 === '1') t.fail(line)
  else t.pass(line, { skip: line })
}

/**
 * The path of another Node's executable. It comes from npm into the user's cache: as a dependency of ours it would be
 * `node` in every script. Rejects where it cannot be had.
 */
async function other(version: OtherNode): Promise<string> {
  const manifest = join(import.meta.dirname, '..', 'peers', `node${version}`)
  return executableIn(await lockedFolder(manifest, executableIn))
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
