import t, { type Test } from 'tap'
import { accessOf } from '../../tools/deploy/config/access.js'
import { environmentOf } from '../../tools/deploy/config/environment.js'
import { readGiven } from '../../tools/deploy/config/given.js'
import { projectOf } from '../../tools/deploy/config/project.js'
import { secretsOf } from '../../tools/deploy/config/secrets.js'
import type { FunctionEntry } from '../../tools/deploy/config/types.js'
import type { Serverless } from '../../tools/deploy/framework.js'
import { standIn } from './cloud/index.js'
import { entry, type TestProject, testProject } from './testProject.js'

/** Settings on their way from `.env` files and the shell to the functions that declare them. */

async function project(t: Test, files: Record<string, string> = {}): Promise<TestProject> {
  const on = testProject(t, await standIn(t))
  for (const [name, text] of Object.entries(files)) on.write(name, text)
  return on
}

/** Variables of a function `f`. */
function variables({ folder, provider }: TestProject, f: FunctionEntry, shell: Record<string, string> = {}) {
  const serverless: Serverless = {
    ...{ serviceDir: folder, service: { service: 'unicloud-openapi', provider, functions: { f } } },
    ...{ configSchemaHandler: { defineProvider: () => undefined }, processedInput: { commands: [] } },
    setProvider: () => undefined,
  }
  const read = projectOf(serverless, {})
  const found = read.functions.get('f')
  if (!found) throw new Error('f is there')
  return environmentOf('f', found, read, readGiven(folder, provider.stage, shell)).variables
}

t.test('.env, then .env.<stage>, then the shell; another stage has no say', async (t) => {
  const { folder } = await project(t, {
    '.env': 'WEIXIN_APP_ID=from-all\nWEIXIN_MCH_ID=from-all\nNOTIFY_BASE_URL=from-all\n# a comment\n',
    '.env.dev': 'export WEIXIN_MCH_ID="from-dev"\nNOTIFY_BASE_URL=from-dev',
    '.env.prod': 'WEIXIN_APP_ID=from-prod',
  })
  const given = readGiven(folder, 'dev', { NOTIFY_BASE_URL: 'from-shell', PATH: '/bin', MONGODB_URI: '' })
  t.strictSame(given.settings, {
    WEIXIN_APP_ID: 'from-all',
    WEIXIN_MCH_ID: 'from-dev',
    NOTIFY_BASE_URL: 'from-shell',
  })
  t.strictSame(given.origins, ['1 from .env', '1 from .env.dev', '1 from the shell'])
  t.strictSame(given.warnings, [])
  t.strictSame(readGiven(folder, 'prod', {}).settings.WEIXIN_APP_ID, 'from-prod')
})

t.test('a name that means nothing is warned of, with the one that was meant', async (t) => {
  const { folder } = await project(t, {
    '.env': 'WEIXIN_APPID=wx1\nNONSENSE=1\nALIBABA_CLOUD_ACCESS_KEYID=k',
  })
  t.strictSame(readGiven(folder, 'dev', { WEIXIN_APPID: 'shells hold many names' }).warnings, [
    'ALIBABA_CLOUD_ACCESS_KEYID in .env is no setting; is it ALIBABA_CLOUD_ACCESS_KEY_ID?',
    'NONSENSE in .env is no setting',
    'WEIXIN_APPID in .env is no setting; is it WEIXIN_APP_ID?',
  ])
})

t.test('a function gets what it declares and what serverless.yml says, and no access keys', async (t) => {
  const on = await project(t)
  on.provider.environment = { TZ: 'Asia/Shanghai', WEIXIN_TOKEN_MODE: 'stable' }
  const f = entry({ settings: ['WEIXIN_APP_ID', 'WEIXIN_TOKEN_MODE'], environment: { LEVEL: 'debug' } })
  const shell = {
    ...on.shell,
    ...{ WEIXIN_APP_ID: 'wx1', WEIXIN_APP_SECRET: 'not declared', WEIXIN_TOKEN_MODE: 'plain' },
  }
  t.strictSame(variables(on, f, shell), {
    ...{ WEIXIN_APP_ID: 'wx1', TZ: 'Asia/Shanghai', WEIXIN_TOKEN_MODE: 'stable', LEVEL: 'debug' },
  })
})

t.test('files go themselves, since their paths mean nothing in the cloud', async (t) => {
  const pem = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n'
  const on = await project(t, { 'certs/key.pem': pem })
  const path = `${on.folder}/certs/key.pem`
  const f = entry({ settings: ['WEIXIN_PAY_PRIVATE_KEY', 'WEIXIN_MERCHANTS'] })
  t.equal(variables(on, f, { WEIXIN_PAY_PRIVATE_KEY: path }).WEIXIN_PAY_PRIVATE_KEY, pem)
  t.equal(variables(on, f, { WEIXIN_PAY_PRIVATE_KEY: pem }).WEIXIN_PAY_PRIVATE_KEY, pem)
  const merchants = JSON.stringify([{ mchId: '1', v3: { privateKey: path } }])
  t.strictSame(JSON.parse(variables(on, f, { WEIXIN_MERCHANTS: merchants }).WEIXIN_MERCHANTS ?? ''), [
    { mchId: '1', v3: { privateKey: pem } },
  ])
  t.throws(() => variables(on, f, { WEIXIN_PAY_PRIVATE_KEY: 'certs/none.p12' }), {
    message: /certs\/none\.p12: WEIXIN_PAY_PRIVATE_KEY/,
  })
  t.throws(() => variables(on, f, { WEIXIN_MERCHANTS: '[{' }), { message: /begins like a JSON list/ })
})

t.test('a secret in serverless.yml is refused, since it is printed and committed', async (t) => {
  const on = await project(t)
  const f = entry({ environment: { WEIXIN_APP_SECRET: '0123456789abcdef' } })
  t.throws(() => variables(on, f), {
    message: /WEIXIN_APP_SECRET stands in the environment.*move it to \.env/,
  })
})

t.test('4096 bytes are allowed and 4097 are not', async (t) => {
  const on = await project(t)
  const f = entry({ settings: ['WEIXIN_APP_ID'] })
  const fitting = 'x'.repeat(4096 - 'WEIXIN_APP_ID'.length)
  t.equal(variables(on, f, { WEIXIN_APP_ID: fitting }).WEIXIN_APP_ID, fitting)
  t.throws(() => variables(on, f, { WEIXIN_APP_ID: `${fitting}x` }), { message: /take 4097 bytes/ })
})

t.test('what must not be shown is known, inside lists too', async (t) => {
  const { folder, shell } = await project(t)
  const secrets = secretsOf(
    readGiven(folder, 'dev', {
      ...shell,
      ...{ WEIXIN_APP_ID: 'wx-public', WEIXIN_APP_SECRET: 'app-secret' },
      ...{
        WEIXIN_MERCHANTS: '[{"mchId":"1","key":"merchant-key-0123456789"}]',
        ALIBABA_CLOUD_SECURITY_TOKEN: 'sts-token',
      },
    }),
  )
  for (const secret of [
    'app-secret',
    'merchant-key-0123456789',
    'sts-token',
    shell.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
  ]) {
    t.ok(secret !== undefined && secrets.includes(secret))
  }
  t.notOk(secrets.includes('wx-public'))
})

t.test('requests that carry settings go over TLS, this machine excepted', async (t) => {
  const { folder, shell } = await project(t)
  const access = (endpoint: string) =>
    accessOf(readGiven(folder, 'dev', { ...shell, ALIBABA_CLOUD_FC_ENDPOINT: endpoint }), 'cn-hangzhou')
  t.equal(
    access('https://1.cn-hangzhou-internal.fc.aliyuncs.com/').endpoint,
    'https://1.cn-hangzhou-internal.fc.aliyuncs.com',
  )
  t.equal(access('http://127.0.0.1:9000').endpoint, 'http://127.0.0.1:9000')
  for (const wrong of ['http://fc.example.com', 'fc.example.com', 'ftp://127.0.0.1']) {
    t.throws(() => access(wrong), { message: /ALIBABA_CLOUD_FC_ENDPOINT has to be an https address/ })
  }
})
