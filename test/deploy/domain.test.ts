import t, { type Test } from 'tap'
import { deployCommand } from '../../tools/deploy/commands/deploy.js'
import { removeCommand } from '../../tools/deploy/commands/remove.js'
import { type StandIn, standIn } from './cloud/index.js'
import type { Fields } from './cloud/rules.js'
import { changesTo, entry, functionIn, stateOf, type TestProject, testProject } from './testProject.js'

/** The custom domain, which several stages and projects may share. */

async function withDomain(t: Test, fc: 2 | 3): Promise<{ cloud: StandIn; on: TestProject }> {
  const cloud = await standIn(t)
  const on = testProject(t, cloud, fc)
  for (const name of ['verifyPaymentNotify', 'getOrderInfo', 'refund']) on.build(name)
  const group = 'payment'
  on.functions.verifyPaymentNotify = entry({ group, reach: 'callback', events: [{ http: {} }] })
  on.functions.getOrderInfo = entry({ group, reach: 'client', path: '/getOrderInfo' })
  on.functions.refund = entry({ group })
  on.shell.CLIENT_HTTP = 'on'
  on.provider.domain = { name: 'pay.example.com', path: '/api' }
  return { cloud, on }
}

const domainsOf = ({ fc2, fc3 }: StandIn, fc: 2 | 3) => (fc === 2 ? fc2 : fc3).domains

/** Path to `service/function` or function. */
function routes(cloud: StandIn, fc: 2 | 3, name = 'pay.example.com'): Record<string, string> | undefined {
  const domain = domainsOf(cloud, fc).get(name)
  const all = (domain?.routeConfig as { routes: Fields[] } | undefined)?.routes
  return (
    all &&
    Object.fromEntries(
      all.map(({ path, serviceName, functionName }) => [
        path,
        serviceName ? `${serviceName}/${functionName}` : functionName,
      ]),
    )
  )
}

const ROUTES = {
  2: {
    '/api/getOrderInfo': 'unicloud-openapi-http-dev/getOrderInfoHttp',
    '/api/verifyPaymentNotify/*': 'unicloud-openapi-payment-dev/verifyPaymentNotify',
  },
  3: {
    '/api/getOrderInfo': 'openapi-dev-getOrderInfoHttp',
    '/api/verifyPaymentNotify/*': 'openapi-dev-verifyPaymentNotify',
  },
}

for (const fc of [2, 3] as const) {
  t.test(`Function Compute ${fc}.0`, async (t) => {
    t.test('leads to every function with a URL: callbacks with what follows, clients exactly', async (t) => {
      const { cloud, on } = await withDomain(t, fc)
      t.equal((await on.run(deployCommand)).failure, undefined)
      t.strictSame(routes(cloud, fc), ROUTES[fc])
      t.equal(domainsOf(cloud, fc).get('pay.example.com')?.protocol, 'HTTP')
      cloud.changes()
      t.match((await on.run(deployCommand)).printed, /Nothing to do/)
      t.strictSame(changesTo(cloud), [], 'what the API adds to a route is no difference')
    })

    t.test('what another stage has on the domain stays, with all its members', async (t) => {
      const { cloud, on } = await withDomain(t, fc)
      await on.run(deployCommand)
      on.provider.stage = 'prod'
      on.provider.domain = { name: 'pay.example.com', path: '/prod' }
      t.equal((await on.run(deployCommand)).failure, undefined)
      t.equal(Object.keys(routes(cloud, fc) ?? {}).length, 4)
      t.match(routes(cloud, fc), ROUTES[fc])
      t.equal((await on.run(removeCommand)).failure, undefined)
      t.strictSame(routes(cloud, fc), ROUTES[fc])
      on.provider.stage = 'dev'
      await on.run(removeCommand)
      t.strictSame(stateOf(cloud), { services: {}, functions: {}, domains: {} }, 'an empty domain goes')
    })

    t.test('a domain that is not named any more leads here no longer', async (t) => {
      const { cloud, on } = await withDomain(t, fc)
      await on.run(deployCommand)
      on.provider.domain = { name: 'new.example.com' }
      await on.run(deployCommand)
      t.equal(routes(cloud, fc), undefined)
      t.ok(routes(cloud, fc, 'new.example.com')?.['/verifyPaymentNotify/*'])
    })

    t.test('a group by itself leaves the routes of the others', async (t) => {
      const { cloud, on } = await withDomain(t, fc)
      on.build('login')
      on.functions.login = entry({ group: 'core', reach: 'client', path: '/login' })
      await on.run(deployCommand)
      const before = routes(cloud, fc)
      t.equal((await on.run(deployCommand, { group: 'core' })).failure, undefined)
      t.strictSame(routes(cloud, fc), before)
    })

    t.test('a certificate brings HTTPS; its key is sent and neither shown nor compared', async (t) => {
      const { cloud, on } = await withDomain(t, fc)
      on.write('cert.pem', 'certificate one')
      on.write('cert.key', 'private key one')
      const certificate = { name: 'pay', file: 'cert.pem', keyFile: 'cert.key' }
      on.provider.domain = { name: 'pay.example.com', certificate }
      const { printed, answered } = await on.run(deployCommand)
      t.notMatch(printed + answered, /private key one/)
      const kept = () => domainsOf(cloud, fc).get('pay.example.com')
      t.match(kept(), { protocol: 'HTTP,HTTPS', certConfig: { privateKey: 'private key one' } })
      cloud.changes()
      await on.run(deployCommand)
      t.strictSame(changesTo(cloud), [])
      on.write('cert.pem', 'certificate two')
      t.match((await on.run(deployCommand)).printed, /~ domain pay\.example\.com: certificate/)
      t.match(kept(), { certConfig: { certificate: 'certificate two', privateKey: 'private key one' } })
      on.provider.domain = { name: 'pay.example.com', certificate: { ...certificate, keyFile: 'none.key' } }
      t.match(
        (await on.run(deployCommand)).failure,
        /none\.key of provider\.domain\.certificate cannot be read/,
      )
    })

    t.test('a domain that cannot be bound takes the rest back and says what to do', async (t) => {
      const { cloud, on } = await withDomain(t, fc)
      const before = stateOf(cloud)
      cloud.fault({ on: /POST .*custom-domains/, act: 'unresolved' })
      const { failure } = await on.run(deployCommand)
      t.match(
        failure,
        /creating domain pay\.example\.com failed \(DomainNameNotResolved\)[\s\S]*CNAME record/,
      )
      t.strictSame(stateOf(cloud), before)
    })

    t.test('role, log and network reach the functions', async (t) => {
      const { cloud, on } = await withDomain(t, fc)
      const role = 'acs:ram::1234567890123456:role/openapi'
      on.provider.role = role
      on.provider.log = { project: 'logs', store: 'openapi' }
      on.provider.vpc = { vpcId: 'vpc-1', vSwitchIds: ['vsw-1'], securityGroupId: 'sg-1' }
      on.provider.internetAccess = false
      await on.run(deployCommand)
      const fields = () =>
        fc === 2
          ? cloud.fc2.services.get('unicloud-openapi-payment-dev')?.fields
          : functionIn(cloud, 'refund').fields
      t.match(fields(), {
        ...{ role, internetAccess: false, logConfig: { project: 'logs', logstore: 'openapi' } },
        vpcConfig: { vpcId: 'vpc-1', vSwitchIds: ['vsw-1'], securityGroupId: 'sg-1' },
      })
      cloud.changes()
      await on.run(deployCommand)
      t.strictSame(changesTo(cloud), [])
      delete on.provider.role
      delete on.provider.vpc
      await on.run(deployCommand)
      t.match(fields(), { role: '', vpcConfig: { vpcId: '', vSwitchIds: [] } }, 'and leave them again')
    })
  })
}
