import t from 'tap'
import { kindsOf } from '../../tools/bench/growth.js'
import { jobs } from '../../tools/bench/jobs.js'
import * as ours from '../../tools/bench/ours.js'
import { readers } from '../../tools/bench/readers.js'

/** What the bench compares does the same job, and what it reads is what it says: without that its times mean nothing. */

const outcome = async (work: () => unknown): Promise<unknown> => {
  try {
    return await work()
  } catch {
    return undefined
  }
}

for (const { name, forged, ...sides } of jobs(ours)) {
  t.test(name, async (t) => {
    const bare = await outcome(sides.bare)
    t.ok(bare, 'bare code does it')
    t.match(await outcome(sides.ours), bare, 'and ours, which may answer more')
    if (!forged) return
    t.notOk(await outcome(forged.bare), 'bare code refuses what is forged')
    t.notOk(await outcome(forged.ours), 'and so does ours')
  })
}

/** What is odd may verify where its signature is right. */
const isVerified: Readonly<Record<string, boolean>> = { genuine: true, forged: false }

for (const reader of readers(ours)) {
  t.test(reader.name, async (t) => {
    const size = reader.upTo
    for (const [kind, shapes] of Object.entries(kindsOf(reader))) {
      for (const [name, shape] of Object.entries(shapes)) {
        const { bytes, read } = shape(size)
        t.ok(bytes > size * 0.95 && bytes <= size, `${kind}, ${name}: ${bytes} bytes`)
        const verified = Boolean(await outcome(read))
        t.equal(verified, isVerified[kind] ?? verified, `${kind}, ${name}: verified or not`)
      }
    }
  })
}
