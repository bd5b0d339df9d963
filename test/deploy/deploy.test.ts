import t, { type Test } from 'tap'
import { deployCommand, deployFunctionCommand } from '../../tools/deploy/commands/deploy.js'
import { removeCommand } from '../../tools/deploy/commands/remove.js'
import { type StandIn, standIn } from './cloud/index.js'
import { changesTo, entry, functionIn, stateOf, type TestProject, testProject } from './testProject.js'

/** Deployments to a stand-in that checks signatures and keeps state: what goes up, what stays, what comes back. */

const uploads = (changes: readonly string[]) => changes.filter((call) => call.endsWith(' code'))

/** Three functions of two groups: one that waits, one with a timer, one for a provider's callbacks. */
async function deployed(t: Test, fc: 2 | 3): Promise<{ cloud: StandIn; on: TestProject }> {
  const cloud = await standIn(t)
  const on = testProject(t, cloud, fc)
  for (const name of ['plain', 'hourly', 'notified']) on.build(name)
  on.functions.hourly = entry({ group: 'core', events: [{ timer: '5m' }], settings: ['WEIXIN_APP_ID'] })
  on.functions.notified = entry({ group: 'payment', reach: 'callback', events: [{ http: {} }] })
  on.shell.WEIXIN_APP_ID = 'wx0123456789abcdef'
  const { failure } = await on.run(deployCommand)
  t.equal(failure, undefined)
  t.equal(uploads(changesTo(cloud)).length, 3)
  return { cloud, on }
}

for (const fc of [2, 3] as const) {
  t.test(`Function Compute ${fc}.0`, async (t) => {
    t.test('what is the same is left alone, and only what changed goes up', async (t) => {
      const { cloud, on } = await deployed(t, fc)
      const before = stateOf(cloud)
      const again = await on.run(deployCommand)
      t.strictSame(cloud.changes(), [])
      t.match(again.printed, /Nothing to do for stage dev in cn-hangzhou.*unchanged/)
      t.strictSame(stateOf(cloud), before)

      on.build('plain', 'exports.handler = async () => "new"')
      const { printed, failure } = await on.run(deployCommand)
      t.equal(failure, undefined)
      t.strictSame(changesTo(cloud), ['PUT plain code'], 'one call, one upload')
      t.match(printed, /~ function \S*plain: code/)
    })

    t.test('a setting changes variables and uploads nothing; its value is shown nowhere', async (t) => {
      const { cloud, on } = await deployed(t, fc)
      on.shell.WEIXIN_APP_ID = 'wxfedcba9876543210'
      const { printed, answered } = await on.run(deployCommand)
      t.strictSame(changesTo(cloud), ['PUT hourly'])
      t.match(printed, /hourly: environment \(~WEIXIN_APP_ID\)/)
      t.notMatch(printed + answered, /wxfedcba/)
      t.match(functionIn(cloud, 'hourly').fields.environmentVariables, {
        WEIXIN_APP_ID: 'wxfedcba9876543210',
      })
      delete on.shell.WEIXIN_APP_ID
      await on.run(deployCommand)
      t.strictSame(functionIn(cloud, 'hourly').fields.environmentVariables, {})
    })

    t.test('a timer runs in its time zone, and a changed one is changed in place', async (t) => {
      const { cloud, on } = await deployed(t, fc)
      const cron = () => JSON.stringify([...functionIn(cloud, 'hourly').triggers.values()])
      t.match(cron(), 'CRON_TZ=Asia/Shanghai 0 */5 * * * *')
      on.functions.hourly = entry({
        group: 'core',
        settings: ['WEIXIN_APP_ID'],
        events: [{ timer: { cron: '0 0 4 * * *' } }],
      })
      await on.run(deployCommand)
      t.strictSame(changesTo(cloud), ['PUT hourly/triggers/timer'])
      t.match(cron(), 'CRON_TZ=Asia/Shanghai 0 0 4 * * *')
      on.functions.hourly = entry({ group: 'core', settings: ['WEIXIN_APP_ID'] })
      await on.run(deployCommand)
      t.strictSame(changesTo(cloud), ['DELETE hourly/triggers/timer'])
      t.equal(cron(), '[]')
    })

    t.test(
      'a function that the project does not name stays until --prune, one of somebody else always',
      async (t) => {
        const { cloud, on } = await deployed(t, fc)
        const foreign = structuredClone(functionIn(cloud, 'plain'))
        const name = fc === 2 ? 'byHand' : 'openapi-dev-byHand'
        Object.assign(foreign.fields, { functionName: name, description: 'made by hand' })
        const place =
          fc === 2 ? cloud.fc2.services.get('unicloud-openapi-weixin-dev')?.functions : cloud.fc3.functions
        place?.set(name, foreign)
        delete on.functions.hourly
        t.match((await on.run(deployCommand)).printed, /Nothing to do.*\n.*stay until --prune: \S*hourly$/m)
        t.strictSame(changesTo(cloud), [])
        const { printed } = await on.run(deployCommand, { prune: true })
        t.match(printed, /- function \S*hourly/)
        t.throws(() => functionIn(cloud, 'hourly'))
        t.ok(functionIn(cloud, 'byHand'))
        t.equal(cloud.fc2.services.has('unicloud-openapi-core-dev'), false, 'an empty service goes as well')
        await on.run(removeCommand)
        t.ok(functionIn(cloud, 'byHand'), 'remove leaves it too, and what it lives in')
        t.equal(fc === 3 || cloud.fc2.services.has('unicloud-openapi-weixin-dev'), true)
      },
    )

    t.test('URL calls that are closed again are closed in the cloud', async (t) => {
      const { cloud, on } = await deployed(t, fc)
      on.functions.plain = entry({ reach: 'client' })
      on.shell.CLIENT_HTTP = 'on'
      on.provider.domain = { name: 'pay.example.com' }
      await on.run(deployCommand)
      t.match(JSON.stringify(stateOf(cloud)), /"\/plain"/)
      on.shell.CLIENT_HTTP = 'off'
      t.equal((await on.run(deployCommand)).failure, undefined)
      t.throws(() => functionIn(cloud, 'plainHttp'))
      t.equal(functionIn(cloud, 'plain').triggers.size, 0)
      t.notMatch(JSON.stringify(stateOf(cloud)), /"\/plain"/)
    })

    t.test('--dry-run shows the plan and changes nothing', async (t) => {
      const { cloud, on } = await deployed(t, fc)
      const before = stateOf(cloud)
      on.build('another')
      on.build('plain', 'exports.handler = async () => 2')
      on.functions.notified = entry({ group: 'payment', reach: 'callback' })
      const { printed, answered } = await on.run(deployCommand, { 'dry-run': true })
      t.strictSame(cloud.changes(), [])
      t.strictSame(stateOf(cloud), before)
      t.match(
        printed,
        /\+ function \S*another \(1 KB\)[\s\S]*~ function \S*plain: code|~ function \S*plain: code[\s\S]*\+ function/,
      )
      t.match(printed, /- trigger \S*notified http/)
      t.equal(answered, '')
    })

    t.test('a group by itself, and a function by itself, leave the rest alone', async (t) => {
      const { cloud, on } = await deployed(t, fc)
      for (const name of ['plain', 'hourly', 'notified']) on.build(name, 'exports.handler = async () => 2')
      await on.run(deployCommand, { group: 'payment' })
      t.strictSame(changesTo(cloud), ['PUT notified code'])
      on.functions.another = entry()
      await on.run(deployFunctionCommand, { function: 'plain' })
      t.strictSame(changesTo(cloud), ['PUT plain code'])
      on.functions.hourly = { ...entry(on.functions.hourly), timeout: 60 }
      await on.run(deployFunctionCommand, { function: 'hourly', 'update-config': true })
      t.strictSame(changesTo(cloud), ['PUT hourly'])
      t.equal(functionIn(cloud, 'hourly').fields.timeout, 60)
      const { failure } = await on.run(deployFunctionCommand, { function: 'hour' })
      t.match(failure, /There is no function hour\. There are: hourly/)
    })

    if (fc === 2) {
      t.test('a function that changes its group leaves nothing behind', async (t) => {
        const { cloud, on } = await deployed(t, fc)
        on.functions.hourly = entry({ group: 'payment', events: [{ timer: '5m' }] })
        t.equal((await on.run(deployCommand)).failure, undefined)
        t.ok(cloud.fc2.services.get('unicloud-openapi-payment-dev')?.functions.has('hourly'))
        t.notOk(cloud.fc2.services.has('unicloud-openapi-core-dev'), 'its timer would run twice')
      })
    }

    t.test('remove takes all of this stage away and nothing else, as often as one likes', async (t) => {
      const { cloud, on } = await deployed(t, fc)
      on.provider.stage = 'prod'
      await on.run(deployCommand)
      cloud.changes()
      await on.run(removeCommand, { 'dry-run': true })
      t.strictSame(cloud.changes(), [])
      const { failure, printed } = await on.run(removeCommand)
      t.equal(failure, undefined)
      t.match(printed, /Done/)
      t.notMatch(JSON.stringify(stateOf(cloud)), /prod/)
      t.ok(functionIn(cloud, 'plain'), 'the other stage stands')
      cloud.changes()
      t.match((await on.run(removeCommand)).printed, /Nothing to do/)
      on.provider.stage = 'dev'
      await on.run(removeCommand)
      t.strictSame(stateOf(cloud), { services: {}, functions: {}, domains: {} })
    })
  })
}

t.test('a deployment on 2.0 is not doubled on 3.0 unawares', async (t) => {
  const { cloud, on } = await deployed(t, 2)
  const before = stateOf(cloud)
  delete on.provider.fc
  const { failure } = await on.run(deployCommand)
  t.match(failure, /2\.0 holds 3 functions of stage dev.*provider\.fc: 2.*provider\.fc: 3/)
  t.strictSame(stateOf(cloud), before)
  on.provider.fc = 3
  const both = await on.run(deployCommand)
  t.equal(both.failure, undefined)
  t.match(both.printed, /Warning: Function Compute 2\.0 holds 3 functions of stage dev as well/)
})

t.test('an account without 2.0 deploys to 3.0, and is told what could not be seen', async (t) => {
  const cloud = await standIn(t)
  const on = testProject(t, cloud, 3)
  delete on.provider.fc
  on.build('plain')
  cloud.fault({ on: /GET .*services/, act: 'denied' })
  const { failure, printed } = await on.run(deployCommand)
  t.equal(failure, undefined)
  t.match(printed, /Whether Function Compute 2\.0 holds this stage as well cannot be seen: .*not authorized/)
  t.ok(functionIn(cloud, 'plain'))
})
