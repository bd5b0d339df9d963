import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { cachedFolder } from './cachedFolder.js'

const run = promisify(execFile)

const FILES = ['package.json', 'package-lock.json']

/**
 * The packages that a folder with a `package.json` and its lock file names, installed into the user's cache: what only
 * some tests need is no dependency of ours. `check` throws where npm was content and something is missing all the same.
 */
export async function lockedFolder(
  manifest: string,
  check: (folder: string) => unknown = () => undefined,
): Promise<string> {
  const texts = await Promise.all(FILES.map((file) => readFile(join(manifest, file))))
  const digest = texts.reduce((hash, text) => hash.update(text), createHash('sha256')).digest('hex')
  return cachedFolder(`${basename(manifest)}-${digest.slice(0, 12)}`, async (folder) => {
    for (const file of FILES) await cp(join(manifest, file), join(folder, file))
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const options = ['ci', '--ignore-scripts', '--no-audit', '--no-fund']
    await run(npm, options, { cwd: folder, timeout: 300_000, shell: process.platform === 'win32' })
    check(folder)
  })
}
