import { execFile } from 'node:child_process'
import t, { type Test } from 'tap'
import { secretTexts } from '../../tools/doctor/doctor.js'
import { program } from '../support/program.js'
import { changed, type Env, startDeployment } from './support/deployment.js'

interface Run {
  code: number
  out: string
  err: string
}

/** The command as `npm run doctor` starts it, in a folder with these files and nothing else around it. */
function doctor(
  t: Test,
  files: Record<string, string>,
  args: readonly string[],
  shell: Env = {},
): Promise<Run> {
  const env = { PATH: process.env.PATH ?? '', ...shell }
  const all = [...program('tools/doctor/main.ts'), ...args]
  return new Promise((resolve) => {
    execFile(process.execPath, all, { cwd: t.testdir(files), env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err })
    })
  })
}

const dotenv = (env: Env): string =>
  Object.entries(env)
    .map(([name, value]) => `${name}='${value}'`)
    .join('\n')

interface Json {
  healthy: boolean
  counts: Record<string, number>
  findings: { check: string; code: string; level: string; what: string; mend?: string }[]
}

t.test('the command', async (t) => {
  const { healthy } = await startDeployment(t)
  const base = healthy()
  const ill = changed(base, { WEIXIN_PAY_KEY: '0'.repeat(32) })

  const well = await doctor(t, { '.env': dotenv(base) }, [])
  t.equal(well.code, 0, 'healthy: exits with 0')
  t.match(well.out, /Nothing stands in the way\.\n$/)
  t.notOk(well.out.includes('\u001b'), 'no colour where nobody sees it')
  t.match(well.err, /looking at \d+ things/, 'progress goes to stderr')

  const wrong = await doctor(t, { '.env': dotenv(ill) }, ['--json'])
  t.equal(wrong.code, 1, 'ill: exits with 1')
  const said = JSON.parse(wrong.out) as Json
  t.equal(said.healthy, false)
  const errors = said.findings.filter(({ level }) => level === 'error')
  t.strictSame(
    errors.map(({ check, code }) => `${check}/${code}`),
    ['weixinPay.v2/key-wrong'],
  )
  t.match(errors[0]?.mend, /WEIXIN_PAY_KEY/)
  for (const { out, err } of [well, wrong]) {
    t.strictSame(
      secretTexts(ill).filter((secret) => out.includes(secret) || err.includes(secret)),
      [],
      'no secret is shown',
    )
  }
})

t.test('languages', async (t) => {
  const run = (args: readonly string[], shell: Env) => doctor(t, {}, ['--offline', ...args], shell)
  t.match((await run([], { LANG: 'zh_CN.UTF-8' })).out, /没有读到任何配置/)
  t.match((await run(['--lang', 'en'], { LANG: 'zh_CN.UTF-8' })).out, /no setting was found/)
  t.match((await run(['--lang', 'zh'], {})).out, /发现了阻碍运行的问题/)
})

t.test('where settings come from', async (t) => {
  const names = async (files: Record<string, string>, args: readonly string[], shell: Env = {}) => {
    const { out } = await doctor(t, files, ['--offline', '--json', ...args], shell)
    return (JSON.parse(out) as Json).findings
      .filter(({ check }) => check === 'settings')
      .map(({ what }) => what)
  }
  t.strictSame(await names({ '.env': 'WEIXIN_APPID=wx1' }, []), [
    'WEIXIN_APPID is no setting; perhaps WEIXIN_APP_ID is meant',
  ])
  t.strictSame(await names({ '.env': 'SHOP=1' }, []), ['SHOP is no setting'])
  t.match(await names({ '.env.prod': 'WEIXIN_MCH_ID=x' }, ['--stage', 'prod']), [
    /^WEIXIN_MCH_ID is malformed/,
  ])
  t.match(await names({}, [], { WEIXIN_MCH_ID: 'x' }), [/^WEIXIN_MCH_ID is malformed/])
  t.match(await names({ 'config.json': '{"WEIXIN_APPS":[{"appId":1}]}' }, ['--env', 'config.json']), [
    /^WEIXIN_APPS is malformed/,
  ])
})

t.test('what cannot be read ends with 2, and says how it is used', async (t) => {
  for (const args of [['--env', 'nowhere.env'], ['--loud']]) {
    const { code, err, out } = await doctor(t, {}, args)
    t.equal(code, 2, args.join(' '))
    t.match(err, /npm run doctor -- \[options\]/)
    t.equal(out, '')
  }
  const { code, out } = await doctor(t, {}, ['--help'])
  t.strictSame([code, out.includes('--offline')], [0, true])
})
