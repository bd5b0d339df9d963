import t, { type Test } from 'tap'
import { deployCommand } from '../../tools/deploy/commands/deploy.js'
import { removeCommand } from '../../tools/deploy/commands/remove.js'
import { type StandIn, standIn } from './cloud/index.js'
import {
  changesTo,
  entry,
  functionIn,
  quickClock,
  stateOf,
  type TestProject,
  testProject,
} from './testProject.js'

/** Deployments that go wrong: what is tried again, what is put back, and that running it again finishes. */

interface HalfDone {
  cloud: StandIn
  on: TestProject
  waits: number[]
}

/** `old` and `timed` are deployed; `fresh`, a new timer, new code and a new setting are still to come. */
async function halfDone(t: Test, fc: 2 | 3): Promise<HalfDone> {
  const waits: number[] = []
  const cloud = await standIn(t)
  const on = testProject(t, cloud, fc, quickClock(waits))
  for (const name of ['old', 'timed']) on.build(name)
  on.functions.timed = entry({ events: [{ timer: '5m' }] })
  t.equal((await on.run(deployCommand)).failure, undefined)
  on.build('old', 'exports.handler = async () => "new"')
  on.build('fresh')
  on.functions.fresh = entry({ group: 'payment', events: [{ timer: '1h' }] })
  on.functions.old = entry({ settings: ['WEIXIN_MCH_ID'], timeout: 60 })
  on.functions.timed = entry({ events: [{ timer: '10m' }] })
  on.shell.WEIXIN_MCH_ID = '1900000109'
  cloud.changes()
  return { cloud, on, waits }
}

/** What the same project makes of an empty cloud. */
async function ideal(t: Test, { on }: HalfDone): Promise<unknown> {
  const other = await standIn(t)
  const shell = on.shell
  on.shell = { ...shell, ALIBABA_CLOUD_FC_ENDPOINT: other.url }
  t.equal((await on.run(deployCommand)).failure, undefined)
  on.shell = shell
  return stateOf(other)
}

const DENIED = [/POST .*functions$/, /POST .*fresh\/triggers$/, /PUT .*old$/, /PUT .*timed\/triggers\/timer$/]

for (const fc of [2, 3] as const) {
  t.test(`Function Compute ${fc}.0`, async (t) => {
    for (const on of DENIED) {
      t.test(
        `a refusal of ${on.source} leaves all as it was, and the next deployment finishes`,
        async (t) => {
          const half = await halfDone(t, fc)
          const before = stateOf(half.cloud)
          half.cloud.fault({ on, act: 'denied' })
          const { failure, printed } = await half.on.run(deployCommand)
          t.match(failure, /failed \(AccessDenied\): [\s\S]*AliyunFCFullAccess/)
          t.match(failure, /put back|Nothing else had been changed/)
          t.strictSame(stateOf(half.cloud), before, printed)
          t.equal((await half.on.run(deployCommand)).failure, undefined)
          t.strictSame(stateOf(half.cloud), await ideal(t, half))
        },
      )
    }

    t.test('former code comes back byte for byte', async (t) => {
      const { cloud, on } = await halfDone(t, fc)
      const former = functionIn(cloud, 'old').zip
      cloud.fault({ on: /POST .*fresh\/triggers$/, act: 'denied' })
      await on.run(deployCommand)
      t.ok(changesTo(cloud).filter((change) => change === 'PUT old code').length === 2, 'up and back')
      t.ok(functionIn(cloud, 'old').zip.equals(former))
    })

    t.test('where former code cannot be had, the function stays whole as new and is named', async (t) => {
      const { cloud, on } = await halfDone(t, fc)
      cloud.fault({ on: /GET \/oss\//, act: 'denied', times: 99 })
      cloud.fault({ on: /POST .*fresh\/triggers$/, act: 'denied' })
      const { failure } = await on.run(deployCommand)
      t.match(failure, /could not be put back; the next `serverless deploy` makes all right/)
      t.match(failure, /old: its former code could not be downloaded/)
      t.notMatch(failure, /oss-signature/)
      t.equal(functionIn(cloud, 'old').fields.timeout, 60, 'new settings with new code')
      t.throws(() => functionIn(cloud, 'fresh'))
    })

    t.test('broken off anywhere, begun again, and the end is the same', async (t) => {
      const half = await halfDone(t, fc)
      const total = plannedChanges(await half.on.run(deployCommand, { 'dry-run': true }))
      t.ok(total >= 4)
      for (let after = 0; after < total; after++) {
        const begun = await halfDone(t, fc)
        const { cloud, on } = begun
        const heal = breakOff(cloud, after)
        t.type((await on.run(deployCommand)).failure, 'string', `after ${after}`)
        heal()
        t.equal((await on.run(deployCommand)).failure, undefined)
        t.strictSame(stateOf(cloud), await ideal(t, begun), `after ${after}`)
      }
    })

    t.test('busy, broken, cut off and unheard are tried again', async (t) => {
      for (const act of ['throttle', 'broken', 'gateway', 'cut', 'lost'] as const) {
        const half = await halfDone(t, fc)
        half.cloud.fault({ on: /^(POST|PUT) /, act, times: 3 })
        half.cloud.fault({ on: /^GET .*functions/, act, times: 2 })
        const { failure, printed } = await half.on.run(deployCommand)
        t.equal(failure, undefined, act)
        t.match(printed, /trying again in/)
        t.equal(half.waits.length, 5, `${act}: one wait for each`)
        t.strictSame(stateOf(half.cloud), await ideal(t, half), act)
        half.cloud.changes()
        await half.on.run(deployCommand)
        t.strictSame(changesTo(half.cloud), [], `${act}: nothing is left to do`)
      }
    })

    t.test('a cloud that stays busy is given up after six tries, with longer waits each time', async (t) => {
      const { cloud, on, waits } = await halfDone(t, fc)
      cloud.fault({ on: /PUT .*timed\/triggers/, act: 'throttle', times: 99 })
      const before = stateOf(cloud)
      const { failure } = await on.run(deployCommand)
      t.match(failure, /busy even after six tries/)
      t.equal(waits.length, 5)
      for (const [index, wait] of waits.entries()) {
        const middle = 500 * 2 ** index
        t.ok(wait >= middle * 0.75 && wait <= middle * 1.25, `${wait} around ${middle}`)
      }
      t.strictSame(stateOf(cloud), before)
    })

    t.test('a line that stays cut is waited for twice, not once for every change', async (t) => {
      const { cloud, on, waits } = await halfDone(t, fc)
      breakOff(cloud, 3)
      const { failure } = await on.run(deployCommand)
      t.match(failure, /Run the command again[\s\S]*These could not be put back/)
      const perLane = 5
      t.ok(waits.length <= 3 * perLane, `${waits.length} waits`)
    })

    t.test('a removal that fails takes nothing else back', async (t) => {
      const { cloud, on } = await halfDone(t, fc)
      delete on.functions.timed
      cloud.fault({ on: /DELETE .*timed$/, act: 'denied' })
      const { failure } = await on.run(deployCommand, { prune: true })
      t.match(failure, /removing function \S*timed failed/)
      t.equal(functionIn(cloud, 'old').fields.timeout, 60)
      t.ok(functionIn(cloud, 'fresh'))
      t.equal((await on.run(deployCommand, { prune: true })).failure, undefined)
      t.throws(() => functionIn(cloud, 'timed'))
    })

    t.test('an interrupted removal is finished by the next', async (t) => {
      const { cloud, on } = await halfDone(t, fc)
      cloud.fault({ on: /DELETE .*old$/, act: 'denied' })
      t.type((await on.run(removeCommand)).failure, 'string')
      t.equal((await on.run(removeCommand)).failure, undefined)
      t.strictSame(stateOf(cloud), { services: {}, functions: {}, domains: {} })
    })

    t.test('a refusal that repeats what was sent is shown without its secrets', async (t) => {
      const { cloud, on } = await halfDone(t, fc)
      on.functions.old = entry({ settings: ['WEIXIN_APP_SECRET'] })
      on.shell.WEIXIN_APP_SECRET = '0123456789abcdef0123456789abcdef'
      cloud.fault({ on: /PUT .*old$/, act: 'telling' })
      const { failure } = await on.run(deployCommand)
      t.match(failure, /not valid: .*"WEIXIN_APP_SECRET":"\*\*\*"/)
      t.notMatch(failure, /0123456789abcdef/)
    })

    t.test('a package that arrives damaged is not left there', async (t) => {
      const { cloud, on } = await halfDone(t, fc)
      const before = stateOf(cloud)
      cloud.fault({ on: /PUT .*old$/, act: 'damaged' })
      t.match((await on.run(deployCommand)).failure, /the package of \S*old arrived damaged/)
      t.strictSame(stateOf(cloud), before)
    })

    t.test('a region where nobody answers is named at once', async (t) => {
      const { on, waits } = await halfDone(t, fc)
      on.shell.ALIBABA_CLOUD_FC_ENDPOINT = 'http://127.0.0.1:9'
      const { failure } = await on.run(deployCommand)
      t.match(failure, /ECONNREFUSED[\s\S]*Check the network and provider\.region/)
      t.strictSame(waits, [])
    })

    t.test('wrong keys are told apart, and nothing of them is shown', async (t) => {
      const { on } = await halfDone(t, fc)
      const shell = on.shell
      on.shell = { ...shell, ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'another-secret-0123456789' }
      const wrong = await on.run(deployCommand)
      t.match(wrong.failure, /SignatureNotMatch.*\n?.*Check ALIBABA_CLOUD_ACCESS_KEY_SECRET/)
      t.notMatch(JSON.stringify(wrong), 'another-secret')
      on.shell = { ...shell, ALIBABA_CLOUD_ACCESS_KEY_ID: 'LTAInobody' }
      t.match(
        (await on.run(deployCommand)).failure,
        /InvalidAccessKeyID[\s\S]*Check ALIBABA_CLOUD_ACCESS_KEY_ID/,
      )
      on.shell = { WEIXIN_MCH_ID: '1900000109' }
      t.match((await on.run(deployCommand)).failure, /ALIBABA_CLOUD_ACCOUNT_ID: the number under your avatar/)
    })
  })
}

const plannedChanges = ({ printed }: { printed: string }): number =>
  printed.split('\n').filter((line) => /^ {2}[+~-] /.test(line)).length

/** After `count` changes nothing gets through any more, as if the line were cut, until the answer is called. */
function breakOff({ fault }: StandIn, count: number): () => void {
  let seen = 0
  let isBroken = true
  const on = (call: string) => {
    if (/^(POST|PUT|DELETE) /.test(call)) seen++
    return isBroken && seen > count
  }
  fault({ on, act: 'cut', times: Number.POSITIVE_INFINITY })
  return () => {
    isBroken = false
  }
}
