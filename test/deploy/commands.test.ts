import { createHmac } from 'node:crypto'
import t, { type Test } from 'tap'
import { logStringToSign } from '../../tools/deploy/cloud/sls.js'
import { deployCommand } from '../../tools/deploy/commands/deploy.js'
import { infoCommand } from '../../tools/deploy/commands/info.js'
import { invokeCommand } from '../../tools/deploy/commands/invoke.js'
import { invokeLocalCommand } from '../../tools/deploy/commands/invokeLocal.js'
import { logsCommand } from '../../tools/deploy/commands/logs.js'
import { type StandIn, standIn } from './cloud/index.js'
import { entry, type TestProject, testProject } from './testProject.js'

/** What one does with functions that are deployed: run them, read their logs, look at them. */

const TALKS = `
exports.handler = async (event, context) => {
  console.log('hello from the log')
  const given = JSON.parse(event.toString() || 'null')
  if (given?.fail) throw new Error('not today')
  return { given, appId: process.env.WEIXIN_APP_ID, requestId: context.requestId }
}`

async function deployed(t: Test, fc: 2 | 3): Promise<{ cloud: StandIn; on: TestProject }> {
  const cloud = await standIn(t)
  const on = testProject(t, cloud, fc)
  on.build('talks', TALKS)
  on.functions.talks = entry({ settings: ['WEIXIN_APP_ID'], events: [{ timer: '5m' }] })
  on.build('notified')
  on.functions.notified = entry({ group: 'payment', reach: 'callback', events: [{ http: {} }] })
  on.shell.WEIXIN_APP_ID = 'wx0123456789abcdef'
  t.equal((await on.run(deployCommand)).failure, undefined)
  return { cloud, on }
}

for (const fc of [2, 3] as const) {
  t.test(`Function Compute ${fc}.0`, async (t) => {
    t.test('invoke runs what was uploaded, with its variables, and shows its log when asked', async (t) => {
      const { on } = await deployed(t, fc)
      const { answered, printed } = await on.run(invokeCommand, {
        function: 'talks',
        data: '{"a":"茶"}',
        log: true,
      })
      t.strictSame(JSON.parse(answered), {
        ...{ given: { a: '茶' }, appId: 'wx0123456789abcdef', requestId: 'stand-in' },
      })
      t.match(printed, /hello from the log/)
      on.write('event.json', '{"b":1}')
      t.match((await on.run(invokeCommand, { function: 'talks', path: 'event.json' })).answered, /"b": 1/)
      t.match(
        (await on.run(invokeCommand, { function: 'talks', type: 'Event' })).answered,
        'talks was started',
      )
    })

    t.test('a function that fails, data that is none, and a callback are told apart', async (t) => {
      const { on } = await deployed(t, fc)
      const failure = async (options: object) =>
        (await on.run(invokeCommand, { function: 'talks', ...options })).failure
      t.match(
        await failure({ data: '{"fail":true}' }),
        /talks.* failed \(UnhandledInvocationError\):[\s\S]*not today/,
      )
      t.match(await failure({ data: '{a:1}' }), /The data is no JSON/)
      t.match(await failure({ data: '1', path: 'x' }), /either --data or --path/)
      t.match(await failure({ path: 'none.json' }), /none\.json cannot be read/)
      t.match(await failure({ function: 'notified' }), /notified answers URL calls only/)
      t.match(await failure({ function: 'talk' }), /There is no function talk\. There are: talks/)
    })

    t.test('a call that may have run is not repeated, one that was turned away is', async (t) => {
      const { cloud, on } = await deployed(t, fc)
      cloud.fault({ on: /invocations/, act: 'lost' })
      t.type((await on.run(invokeCommand, { function: 'talks' })).failure, 'string')
      t.equal(cloud.calls.filter((call) => /invocations/.test(call)).length, 1)
      cloud.fault({ on: /invocations/, act: 'throttle', times: 2 })
      t.equal((await on.run(invokeCommand, { function: 'talks' })).failure, undefined)
    })

    t.test('info shows what is there and what is not', async (t) => {
      const { on } = await deployed(t, fc)
      on.functions.missing = entry()
      const { answered } = await on.run(infoCommand)
      t.match(
        answered,
        new RegExp(`unicloud-openapi, stage dev, cn-hangzhou, Function Compute ${fc}.0\nfunctions: 2`),
      )
      t.match(answered, /talks: 256 MB, 20 s, nodejs20\n {4}CRON_TZ=Asia\/Shanghai 0 \*\/5 \* \* \* \*/)
      t.match(answered, /GET, POST \(anonymous\) https:\/\/\S+/)
      t.match(answered, /not deployed: \S*missing/)
      t.notMatch(answered, /wx0123456789abcdef/)
    })

    t.test('where notices are to go is shown as long as it is not set', async (t) => {
      const { on } = await deployed(t, fc)
      on.build('verifyPaymentNotify')
      on.functions.verifyPaymentNotify = entry({
        group: 'payment',
        reach: 'callback',
        events: [{ http: {} }],
      })
      await on.run(deployCommand)
      const url = {
        2: 'https://1234567890123456.cn-hangzhou.fc.aliyuncs.com/2016-08-15/proxy/unicloud-openapi-payment-dev',
        3: 'https://openapi-stand-in.cn-hangzhou.fcapp.run',
      }
      const hint = async () => /NOTIFY_BASE_URL=(.*)/.exec((await on.run(infoCommand)).answered)?.[1]
      t.equal(await hint(), url[fc])
      on.provider.domain = { name: 'pay.example.com', path: '/api', protocol: 'HTTPS' }
      t.equal(await hint(), 'https://pay.example.com/api')
      on.shell.NOTIFY_BASE_URL = 'https://pay.example.com/api'
      t.equal(await hint(), undefined)
    })

    t.test('logs are found under the function, several pages of them, and filtered', async (t) => {
      const { cloud, on } = await deployed(t, fc)
      t.match(
        (await on.run(logsCommand, { function: 'talks' })).failure,
        /serverless\.yml names no log.*provider\.log/,
      )
      on.provider.log = { project: 'logs', store: 'openapi' }
      const topic = fc === 2 ? 'unicloud-openapi-weixin-dev' : 'FCLogs:openapi-dev-talks'
      const now = Math.floor(Date.now() / 1000)
      cloud.logs.push(
        { topic, time: now - 3600, message: 'too old' },
        { topic: 'other', time: now - 5, message: 'other' },
      )
      for (let index = 0; index < 150; index++)
        cloud.logs.push({ topic, time: now - 60, message: `line ${index}\n` })
      const { answered, failure } = await on.run(logsCommand, { function: 'talks' })
      t.equal(failure, undefined)
      const lines = answered.split('\n')
      t.equal(lines.length, 150)
      t.match(lines[149], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z line 149$/)
      t.match((await on.run(logsCommand, { function: 'talks', startTime: '2h' })).answered, /too old/)
      const date = new Date((now - 30) * 1000).toISOString()
      t.equal((await on.run(logsCommand, { function: 'talks', startTime: date })).answered, '')
      t.match(
        (await on.run(logsCommand, { function: 'talks', startTime: 'soon' })).failure,
        /--startTime takes/,
      )
      await on.run(logsCommand, { function: 'talks', filter: 'ERROR' })
      t.match(cloud.queries.at(-1), fc === 2 ? '(talks) and (ERROR)' : '(*) and (ERROR)')
    })
  })
}

t.test('the signature of Log Service is the one of its documentation', async (t) => {
  // The documented example, as Alibaba's own SDK checks itself with it.
  const text = logStringToSign(
    'GET',
    '/logstores',
    { logstoreName: '', offset: '0', size: '1000' },
    {
      date: 'Mon, 09 Nov 2015 06:11:16 GMT',
      ...{ 'x-log-apiversion': '0.6.0', 'x-log-signaturemethod': 'hmac-sha1' },
    },
  )
  const signature = createHmac('sha1', '4fdO2fTDDnZPU/L7CHNdemB2Nsk=').update(text).digest('base64')
  t.equal(signature, 'jEYOTCJs2e88o+y5F4/S5IsnBJQ=')
})

t.test('invoke local runs the built function with the settings it would have', async (t) => {
  const on = testProject(t, await standIn(t))
  on.build('talks', TALKS)
  on.functions.talks = entry({ settings: ['WEIXIN_APP_ID'] })
  on.write('.env', 'WEIXIN_APP_ID=wxfromfile')
  on.shell = {}
  const local = (options: object) => on.run(invokeLocalCommand, { function: 'talks', ...options })
  t.match(JSON.parse((await local({ data: '{"a":1}' })).answered), { given: { a: 1 }, appId: 'wxfromfile' })
  t.match((await local({ env: 'WEIXIN_APP_ID=wxgiven' })).answered, /wxgiven/)
  t.match((await local({ env: ['A=1', 'WEIXIN_APP_ID=wx=2'] })).answered, /wx=2/)
  t.match((await local({ env: 'nothing' })).failure, /--env takes NAME=value/)
  t.match((await local({ data: '{"fail":true}' })).failure, /talks failed: Error: not today/)
  on.build(
    'talks',
    `exports.handler = async () => JSON.stringify({ errCode: 'INVALID_PARAM', errMsg: 'totalFee' })`,
  )
  const refused = await local({})
  t.match(JSON.parse(refused.answered), { errCode: 'INVALID_PARAM' })
  t.match(refused.failure, /^talks answered INVALID_PARAM: totalFee$/m, 'a script sees by the exit code')
  on.build('talks', 'setInterval(() => {}, 1000); exports.handler = () => new Promise(() => {})')
  on.functions.talks = entry({ timeout: 1 })
  t.match((await local({})).failure, /took more than its 1 s/)
  on.functions.talks = entry()
  on.build('talks', 'process.exit(3)')
  t.match((await local({})).failure, /ended without an answer/)
  on.functions.unbuilt = entry()
  t.match((await local({ function: 'unbuilt' })).failure, /run npm run build first/)
})
