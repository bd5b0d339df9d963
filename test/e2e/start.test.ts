import { execFile, spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { STORE_FILE } from '../../shared/store/embedded/open.js'
import { blockNamed } from '../docs/blocks.js'
import { plain } from '../emulator/cloud/localCloud.js'
import { program } from '../support/program.js'

/** `npm start` in a folder of its own, on free ports. */

const root = join(import.meta.dirname, '..', '..')

function spawnStart(cwd: string, changes: Record<string, string> = {}, args: readonly string[] = []) {
  const env = { ...process.env, PORT: '0', TWIN_PORT: '0', ...changes }
  const child = spawn(process.execPath, [...program('tools/start/main.ts'), ...args], { cwd, env })
  return { child, exit: new Promise<number | null>((resolve) => child.on('exit', resolve)) }
}

async function start(cwd: string, args: readonly string[]) {
  const { child, exit } = spawnStart(cwd, {}, args)
  const lines: string[] = []
  const commands = await new Promise<string[]>((resolve, reject) => {
    exit.then((code) => reject(new Error(`npm start ended with ${code}: ${lines.join('\n')}`)))
    createInterface(child.stdout).on('line', (line) => {
      lines.push(line)
      const found = lines.filter((each) => /^ {2}(curl|node) /.test(each))
      if (found.length === (args.length > 0 ? 9 : 8)) resolve(found)
    })
  })
  return { child, exit, commands }
}

const sh = promisify(execFile)

/** Does what the command says; that of Node.js is for the clone's folder. */
async function run(command: string) {
  if (command.startsWith('  node ')) {
    const { stdout } = await sh('sh', ['-c', command], { cwd: root })
    return { status: 200, text: stdout }
  }
  const {
    url = '',
    type,
    body,
  } = /^ {2}curl (?:-X POST )?(?<url>\S+)(?: -H 'content-type: (?<type>[^']+)' -d '(?<body>[^']+)')?$/.exec(
    command,
  )?.groups ?? {}
  const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type }
  return plain(url, { method: 'POST', headers, ...(body === undefined ? {} : { body }) })
}

t.test('the commands it prints work, and Ctrl+C leaves nothing locked', async (t) => {
  const functions = {
    // The clone, in which this folder lies, is of ES modules; functions of uniCloud are CommonJS.
    'package.json': '{ "type": "commonjs" }',
    buy: { 'index.js': blockNamed('README.md', 'server') },
    shop: {
      'index.js': `const { initWeixin } = require('unicloud-openapi')
exports.main = async ({ code, app, weixinApi }) => initWeixin({ ...app, endpoints: { weixinApi } }).auth.code2Session(code)`,
    },
  }
  const cwd = t.testdir({ dist: t.fixture('symlink', join(root, 'dist')), functions })
  for (const [life, args] of [
    ['first', []],
    ['second', ['--functions', 'functions']],
  ] as const) {
    const { child, exit, commands } = await start(cwd, args)
    for (const command of commands.slice(0, 8)) {
      const { status, text: answer } = await run(command)
      t.equal(status, 200, `${life}: ${command}`)
      if (command.includes('/twin/')) t.match(JSON.parse(answer), { delivery: { state: 'delivered' } })
      else t.match(JSON.parse(answer), { errCode: 0 })
      if (command.includes('orderQuery')) t.match(JSON.parse(answer), { orderState: 'PAID', totalFee: 1999 })
    }
    if (life === 'second') await runOwn(t, commands)
    child.kill('SIGINT')
    t.equal(await exit, 0)
  }
  t.ok(readdirSync(join(cwd, '.data')).includes(STORE_FILE))
})

/** The README's `buy`, and one that requires the library, among the developer's own functions. */
async function runOwn(t: Test, commands: readonly string[]): Promise<void> {
  const buy = commands[8] ?? ''
  const bought = JSON.parse((await run(buy.replace('{}', '{"goods":"tea"}'))).text)
  t.match(bought, { errCode: 0, outTradeNo: /^[0-9a-f]{32}$/, totalFee: 1999, payToken: String })
  t.match(JSON.parse((await run(buy)).text), { errCode: 'INVALID_PARAM', errMsg: /^totalFee/ })
  const [, twin = ''] = /curl (\S+)\/twin\/pay /.exec(commands[6] ?? '') ?? []
  const settings = JSON.parse((await plain(`${twin}/twin/settings`)).text)
  const { WEIXIN_APP_ID: appId, WEIXIN_APP_SECRET: secret, WEIXIN_API_BASE_URL: weixinApi } = settings
  const given = JSON.stringify({ code: 'demo-alice', app: { appId, secret }, weixinApi })
  const { text: login } = await run(buy.replace('/buy ', '/shop ').replace('{}', given))
  t.match(JSON.parse(login), { openid: String, sessionKey: String })
}

t.test('a port that is taken is named', async (t) => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  t.teardown(() => taken.close())
  const cwd = t.testdir({ dist: t.fixture('symlink', join(root, 'dist')) })
  const { port } = taken.address() as AddressInfo
  const { child, exit } = spawnStart(cwd, { PORT: String(port) })
  const [error, code] = await Promise.all([text(child.stderr), exit])
  t.equal(code, 1)
  t.match(error, new RegExp(`^port ${port} is taken`))
  t.notMatch(error, /at .*\.ts/)
})
