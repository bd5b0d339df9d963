import { join } from 'node:path'
import t from 'tap'

/**
 * Runs bundled tests, each in a process of its own, two at a time: the last step of `npm test`, itself a bundle, in a
 * process of its own too, so that `tap` sees one that does nothing else. Prints TAP. It gets from the environment the
 * names of the tests (JSON), the folder of their bundles, how many run at once, and the seconds that each may take.
 */

const { TEST_FILES = '[]', TEST_BUNDLES = '', TEST_JOBS = '2', TAP_TIMEOUT } = process.env
const files: string[] = JSON.parse(TEST_FILES)

t.jobs = Number(TEST_JOBS)
t.setTimeout(0)
t.plan(files.length)
for (const file of files) {
  t.spawn(
    process.execPath,
    ['--enable-source-maps', join(TEST_BUNDLES, file.replace(/\.ts$/, '.mjs'))],
    {
      // Where this is called says nothing about a test that fails.
      ...{ at: null, stack: '' },
      buffered: true,
      timeout: Number(TAP_TIMEOUT) * 1000,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
    file,
  )
}
