import t, { type Test } from 'tap'
import { timerTrigger } from '../../tools/deploy/config/schedule.js'
import type { Session } from '../../tools/deploy/session.js'
import type { Unit } from '../../tools/deploy/units.js'
import { standIn } from './cloud/index.js'
import { entry, type TestProject, testProject } from './testProject.js'

/** What the functions of a project become in each version of Function Compute. */

async function unitsOf(
  t: Test,
  fc: 2 | 3,
  change: (on: TestProject) => void,
): Promise<{ units: readonly Unit[]; failure?: string }> {
  const on = testProject(t, await standIn(t), fc)
  change(on)
  let units: readonly Unit[] = []
  const { failure } = await on.run(async (session: Session) => {
    units = session.units
  })
  return failure === undefined ? { units } : { units, failure }
}

const shape = (units: readonly Unit[]) =>
  units.map(({ service, name, triggers }) => [service, name, triggers.map((each) => each.name)])

t.test('services are groups and stages on 2.0, names carry the stage on 3.0', async (t) => {
  const functions = { getOrderInfo: entry({ group: 'payment', reach: 'client' }), plain: entry() }
  const on2 = await unitsOf(t, 2, (on) => Object.assign(on.functions, functions))
  t.strictSame(shape(on2.units), [
    ['unicloud-openapi-payment-dev', 'getOrderInfo', []],
    ['unicloud-openapi-weixin-dev', 'plain', []],
  ])
  const on3 = await unitsOf(t, 3, (on) => Object.assign(on.functions, functions))
  t.strictSame(shape(on3.units), [
    [undefined, 'openapi-dev-getOrderInfo', []],
    [undefined, 'openapi-dev-plain', []],
  ])
})

t.test('CLIENT_HTTP opens clients’ functions by URL, beside the half that servers call', async (t) => {
  const open = (on: TestProject) => {
    on.functions.getOrderInfo = entry({ group: 'payment', reach: 'client' })
    on.functions.wxacodeCreateQRCode = entry({ reach: 'optIn' })
    on.functions.urllinkGenerate = entry({ reach: 'optIn' })
    on.functions.refund = entry({ reach: 'server' })
    Object.assign(on.shell, { CLIENT_HTTP: 'on', OPENAPI_CLIENT_FUNCTIONS: 'other, wxacodeCreateQRCode' })
  }
  t.strictSame(shape((await unitsOf(t, 2, open)).units), [
    ['unicloud-openapi-payment-dev', 'getOrderInfo', []],
    ['unicloud-openapi-http-dev', 'getOrderInfoHttp', ['http']],
    ['unicloud-openapi-weixin-dev', 'wxacodeCreateQRCode', []],
    ['unicloud-openapi-http-dev', 'wxacodeCreateQRCodeHttp', ['http']],
    ['unicloud-openapi-weixin-dev', 'urllinkGenerate', []],
    ['unicloud-openapi-weixin-dev', 'refund', []],
  ])
  t.strictSame(shape((await unitsOf(t, 3, open)).units), [
    [undefined, 'openapi-dev-getOrderInfo', []],
    [undefined, 'openapi-dev-getOrderInfoHttp', ['http']],
    [undefined, 'openapi-dev-wxacodeCreateQRCode', []],
    [undefined, 'openapi-dev-wxacodeCreateQRCodeHttp', ['http']],
    [undefined, 'openapi-dev-urllinkGenerate', []],
    [undefined, 'openapi-dev-refund', []],
  ])
  const closed = await unitsOf(t, 3, (on) => {
    open(on)
    on.shell.CLIENT_HTTP = 'off'
  })
  t.ok(closed.units.every(({ triggers }) => triggers.length === 0))
})

t.test('callbacks are called by URL alone, without a second half', async (t) => {
  const { units } = await unitsOf(t, 2, (on) => {
    on.functions.verifyPaymentNotify = entry({ group: 'payment', reach: 'callback', events: [{ http: {} }] })
    on.functions.own = { events: [{ http: { auth: 'function', methods: ['PUT'] } }] }
    on.functions.both = { events: [{ http: {} }, { timer: '1d' }] }
  })
  t.strictSame(shape(units), [
    ['unicloud-openapi-payment-dev', 'verifyPaymentNotify', ['http']],
    ['unicloud-openapi-core-dev', 'own', ['http']],
    ['unicloud-openapi-core-dev', 'both', ['timer']],
    ['unicloud-openapi-http-dev', 'bothHttp', ['http']],
  ])
  t.strictSame(units[0]?.triggers[0]?.config, { authType: 'anonymous', methods: ['GET', 'POST'] })
  t.strictSame(units[1]?.triggers[0]?.config, { authType: 'function', methods: ['PUT'] })
})

t.test('fifty functions fit into a service of 2.0, fifty-one do not', async (t) => {
  const fill = (count: number) => (on: TestProject) => {
    for (let index = 0; index < count; index++) on.functions[`f${index}`] = entry()
  }
  t.equal((await unitsOf(t, 2, fill(50))).units.length, 50)
  t.match(
    (await unitsOf(t, 2, fill(51))).failure,
    /weixin-dev would hold 51 functions.*allows 50.*provider\.only/,
  )
  const raised = await unitsOf(t, 2, (on) => {
    fill(51)(on)
    on.provider.functionsPerService = 60
  })
  t.equal(raised.units.length, 51)
  t.equal((await unitsOf(t, 3, fill(51))).units.length, 51)
})

t.test('some groups or functions only, and a name that is neither is refused', async (t) => {
  const choose =
    (...only: string[]) =>
    (on: TestProject) => {
      Object.assign(on.functions, { a: entry({ group: 'payment' }), b: entry(), c: entry() })
      on.provider.only = only
    }
  t.strictSame(
    (await unitsOf(t, 2, choose('payment', 'c'))).units.map(({ key }) => key),
    ['a', 'c'],
  )
  t.match((await unitsOf(t, 2, choose('pay'))).failure, /provider\.only names pay.*Groups: payment, weixin/)
})

t.test('a stage has no dash, which parts it from the group', async (t) => {
  const { failure } = await unitsOf(t, 2, (on) => {
    on.provider.stage = 'my-stage'
  })
  t.match(failure, /my-stage is no stage: lower-case letters and digits/)
})

t.test('a name that is too long says what to shorten', async (t) => {
  const { failure } = await unitsOf(t, 3, (on) => {
    on.provider.prefix = 'a-prefix-that-is-far-too-long-for-it'
    on.functions.orderIsTradeManagementConfirmationCompleted = entry()
  })
  t.match(failure, /at most 64\): shorten provider\.prefix/)
})

t.test('periods become cron where they divide the hour or the day', async (t) => {
  const cron = (every: string, zone = 'Asia/Shanghai') => timerTrigger('f', every, zone).cronExpression
  t.equal(cron('1m'), 'CRON_TZ=Asia/Shanghai 0 */1 * * * *')
  t.equal(cron('5m'), 'CRON_TZ=Asia/Shanghai 0 */5 * * * *')
  t.equal(cron('60m'), 'CRON_TZ=Asia/Shanghai 0 0 */1 * * *')
  t.equal(cron('12h', 'UTC'), 'CRON_TZ=UTC 0 0 */12 * * *')
  t.equal(cron('1d'), 'CRON_TZ=Asia/Shanghai 0 0 0 * * *')
  t.equal(cron('7m'), '@every 7m')
  t.equal(cron('90m'), '@every 90m')
  t.equal(cron('5h'), '@every 300m')
  t.equal(cron('2d'), '@every 2880m')
})

t.test('cron has six fields and a time zone of its own if it wants', async (t) => {
  const timer = (config: object) => timerTrigger('f', config, 'Asia/Shanghai')
  t.strictSame(
    timer({ cron: '0  30 4 1 * ?', timeZone: 'America/New_York', payload: '{}', enabled: false }),
    {
      cronExpression: 'CRON_TZ=America/New_York 0 30 4 1 * ?',
      enable: false,
      payload: '{}',
    },
  )
  t.throws(() => timer({ cron: '0 30 4 1 * ? *' }), {
    message: /six fields.*uniCloud.s form, leave the year out/,
  })
  t.throws(() => timer({ cron: '30 4 * * *' }), { message: /The timer of f wants six fields/ })
  t.throws(() => timer({ cron: '0 0 4 * * *', every: '5m' }), { message: /either every/ })
  t.throws(() => timer({}), { message: /either every/ })
  t.throws(() => timer({ every: '5m', timeZone: 'Beijing' }), { message: /knows no time zone Beijing/ })
})
