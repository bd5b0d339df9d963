import { join } from 'node:path'
import t from 'tap'

/**
 * Runs bundled tests, each in a process of its own: `node run.mjs`, with the names of the tests in `TEST_FILES` and the
 * folder of their bundles in `TEST_BUNDLES`. Prints TAP.
 *
 * `tap`'s own command would put its loader, which collects what coverage needs, into every process that a test starts,
 * at 0.4 CPU seconds a process.
 */

const { TEST_FILES = '[]', TEST_BUNDLES = '', TEST_JOBS = '2', TAP_TIMEOUT } = process.env
const files: string[] = JSON.parse(TEST_FILES)

t.jobs = Number(TEST_JOBS)
t.setTimeout(0)
t.plan(files.length)
for (const file of files) {
  const bundle = join(TEST_BUNDLES, file.replace(/\.ts$/, '.mjs'))
  t.spawn(
    process.execPath,
    ['--enable-source-maps', bundle],
    { buffered: true, timeout: Number(TAP_TIMEOUT) * 1000, stdio: ['ignore', 'pipe', 'inherit'] },
    file,
  )
}
