import { execFile } from 'node:child_process'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import { bundle } from '../options.mjs'

const here = import.meta.dirname

/**
 * Gives functions that are built what V8 makes of their files, in `cache/<runtime>/` beside them, for each of `nodes`
 * (paths of executables) with `flags`, which are those that the cloud starts Node with. Their `index.js` becomes
 * `main.js`, behind a loader that takes a cache where there is one for the Node it runs in.
 */
export async function addCodeCaches(folders, { nodes = [process.execPath], flags = [] } = {}) {
  const loader = await readFile(join(here, 'loader.cjs'), 'utf8')
  const { target, charset, platform } = bundle
  const { code } = await transform(loader, { minify: true, target, charset, platform })
  await Promise.all(
    folders.map(async (folder) => {
      await rm(join(folder, 'cache'), { recursive: true, force: true })
      await rename(join(folder, 'index.js'), join(folder, 'main.js'))
      await writeFile(join(folder, 'index.js'), code)
    }),
  )
  const { NODE_OPTIONS: _ours, ...env } = process.env
  for (const node of nodes) {
    const args = [...flags, join(here, 'record.cjs'), ...folders.map((folder) => resolve(folder))]
    await promisify(execFile)(node, args, { env })
  }
}
