import { execFile } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { capabilities } from '../../tools/catalog/capabilities.js'
import { declared } from '../../tools/new/declared.js'
import { firstExample } from '../../tools/new/templates.js'
import { teachNodeTypeScript } from '../support/sources.js'

teachNodeTypeScript()

/** What `npm run new` would make of the APIs that are there already is what is there; and a new one takes two files. */

const root = join(import.meta.dirname ?? '', '..', '..')

t.test('a declaration is found wherever it stands, with the door that its reach asks for', async (t) => {
  const all = await capabilities(root)
  const apis = all.filter(({ module }) => /^shared\/(?:weixin|alipay)\/apis\//.test(module))
  t.ok(apis.length > 40)
  for (const { operation, module, exported, maker } of apis) {
    t.match(await declared(operation.name), { module, exported, operation })
    t.equal(maker, operation.reach === 'server' ? 'serverFunction' : 'cloudFunction', operation.name)
  }
})

t.test('what is not there is not found', async (t) => {
  t.equal(await declared('wxacode.getAll'), undefined)
})

t.test('the first example says what is known already', async (t) => {
  const get = await declared('auth.getPaidUnionId')
  const post = await declared('urllink.generate')
  const alipay = await declared('acode.getMiniCode')
  t.match(alipay && firstExample(alipay.operation), {
    upstream: [
      { request: { method: 'alipay.open.app.qrcode.create', content: {} }, reply: { code: '10000' } },
    ],
  })
  t.match(get && firstExample(get.operation), {
    as: 'client',
    upstream: [{ request: { method: 'GET', path: '/wxa/getpaidunionid' } }],
    refused: [{ field: 'openid' }],
  })
  t.match(post && firstExample(post.operation), {
    upstream: [
      { request: { method: 'POST', path: '/wxa/generate_urllink', contentType: 'application/json' } },
    ],
  })
})

const run = promisify(execFile)

/** What `npm run generate` does, but for the types of the client, which take the compiler seconds. */
const generates = `
import { rmSync, writeFileSync } from 'node:fs'
import { capabilities } from './tools/catalog/capabilities.ts'
import { namespaces } from './tools/generate/namespaces.ts'
import { registrySource } from './tools/generate/sources.ts'
const root = process.cwd()
writeFileSync('shared/generated/operations.ts', registrySource(await capabilities(root)))
writeFileSync('shared/generated/apis.ts', await namespaces(root))
rmSync('generates.mjs')`

const uses = `
import { operations } from './shared/generated/operations.ts'
import { initWeixin } from './shared/library/index.ts'
const { name } = await operations['tea.pour']()
console.log(name, typeof initWeixin({ appId: 'any' }).tea.pour)`

t.test('an API is added with two files by hand: the declaration and its example', async (t) => {
  const copy = t.testdir()
  for (const name of ['shared', 'functions', 'tools', 'package.json', 'tsconfig.json', 'biome.json']) {
    cpSync(join(root, name), join(copy, name), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  const tsx = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, ['--import=tsx', ...args], { cwd: copy })).stdout
  const script = (name: string, text: string): string => {
    writeFileSync(join(copy, name), text)
    return name
  }
  const first = await tsx('tools/new/main.ts', 'tea.pour').catch(({ stdout }) => stdout)
  const [declaration = ''] = /^import[\s\S]*?^}\)$/m.exec(first) ?? []
  writeFileSync(join(copy, 'shared', 'weixin', 'apis', 'tea.ts'), declaration)

  t.match(await tsx('tools/new/main.ts', 'tea.pour'), 'functions/teaPour/example.json')
  await tsx(script('generates.mjs', generates))
  const added = readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter(
    (file) => !file.startsWith('node_modules') && !existsSync(join(root, file)),
  )
  t.strictSame(added.sort(), [
    join('functions', 'teaPour'),
    join('functions', 'teaPour', 'example.json'),
    join('functions', 'teaPour', 'index.ts'),
    join('shared', 'weixin', 'apis', 'tea.ts'),
  ])
  t.match(readFileSync(join(copy, 'functions', 'teaPour', 'index.ts'), 'utf8'), 'serverFunction(pour)')
  t.equal(await tsx(script('uses.mjs', uses)), 'tea.pour function\n')
})
