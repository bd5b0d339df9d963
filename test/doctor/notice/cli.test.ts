import t from 'tap'
import { secretTexts } from '../../../tools/doctor/doctor.js'
import { capture } from './captured.js'
import { explain } from './cli.js'

/** The command itself: where it reads from, what it says, how it ends. */

t.setTimeout(120_000)

const dotenv = (env: Readonly<Record<string, string>>): string =>
  Object.entries(env)
    .map(([name, value]) => `${name}='${value}'`)
    .join('\n')

t.test('from a file and from standard input, in both languages', async (t) => {
  const { env, raw, body, as, clock } = await capture(t, 'weixin-v3')
  const pretty = as(JSON.stringify(JSON.parse(String(body)), null, 2))
  const folder = t.testdir({ '.env': dotenv(env), 'good.txt': raw, 'pretty.txt': pretty })
  const at = String(clock.now())

  const well = await explain({ folder, args: ['--at', at, 'good.txt'] })
  t.match(well, { code: 0, out: /^weixin-v3, merchant \d+\n✓ it verifies\n$/, err: '' })

  const ill = await explain({ folder, args: ['pretty.txt'] })
  t.match(ill, {
    code: 1,
    out: /✗ it does not verify: its signature is wrong\n {2}Why: re-serialised JSON\n {2}Do: /,
  })
  t.strictSame(
    secretTexts(env).filter((secret) => (ill.out + ill.err).includes(secret)),
    [],
    'no secret is shown',
  )

  const piped = await explain({ folder, stdin: pretty, shell: { LANG: 'zh_CN.UTF-8' } })
  t.match(piped, { code: 1, out: /✗ 验签不通过：签名不正确\n {2}原因：re-serialised JSON\n {2}处理：/ })
})

t.test('settings from a named file', async (t) => {
  const { shop, raw } = await capture(t, 'weixin-v2')
  const settings = await fetch(`${shop.platforms.url}/twin/settings?provider=weixin-v2`)
  const folder = t.testdir({ 'platforms.json': await settings.text(), 'good.txt': raw })
  t.match(await explain({ folder, args: ['--env', 'platforms.json', 'good.txt'] }), { code: 0 })
  const nobody = await explain({ folder, args: ['good.txt'] })
  t.match(nobody, { code: 2, out: '', err: /no merchant in the settings takes messages of weixin-v2/ })
})

t.test('what cannot be read ends with 2, and says how it is used', async (t) => {
  const folder = t.testdir({ 'a.txt': 'a', 'b.txt': 'b' })
  for (const args of [['nowhere.txt'], ['--loud'], ['--at', 'noon', 'a.txt'], ['a.txt', 'b.txt']]) {
    const { code, out, err } = await explain({ folder, args })
    t.equal(code, 2, args.join(' '))
    t.match(err, /npm run doctor -- notice \[options\] \[file\]/)
    t.equal(out, '')
  }
  t.match(await explain({ folder, args: ['--help'] }), { code: 0, out: /--at <time>/ })
})
