import t from 'tap'
import { diagnosisPages } from '../../../tools/doctor/notice/page.js'
import { blockNamed, blocksOf, textOf } from '../../docs/blocks.js'
import { explain } from './cli.js'

/** The pages say what the causes say, and what they show is what happens. */

t.setTimeout(120_000)

const PAGE = 'docs/diagnosis.md'

const block = (language: string): string => {
  const [found] = blocksOf(PAGE).filter((each) => each.language === language)
  if (!found) throw new Error(`no block in ${language}`)
  return found.text
}

t.test('they are up to date; after a change run: npm run docs', async (t) => {
  for (const [file, text] of diagnosisPages()) t.ok(textOf(file) === text, file)
})

t.test('the example is said to fail by what was done to it, in both languages', async (t) => {
  const folder = t.testdir({ '.env': block('ini'), 'callback.txt': block('http') })
  for (const lang of ['en', 'zh']) {
    const { code, out } = await explain({ folder, args: ['--lang', lang, 'callback.txt'] })
    t.equal(out, blockNamed(PAGE, lang))
    t.equal(code, 1)
  }
  const undone = block('http').replaceAll('&quot;', '"')
  t.match(await explain({ folder, stdin: Buffer.from(undone) }), { code: 0, out: /it verifies/ })
})

t.test('every command runs', async (t) => {
  const callback = block('http')
  const evidence = Buffer.from(callback.replace(/^POST .*\n/, '').replace(/^(.*)\n\n/, '$1\r\n\r\n'))
  const refused = { provider: 'weixin-v2', evidence: evidence.toString('base64'), at: 0 }
  const folder = t.testdir({
    ...{ '.env': block('ini'), 'callback.txt': callback, 'refused.json': JSON.stringify(refused) },
  })
  const lines = block('sh').trim().split('\n')
  t.equal(lines.length, 4)
  for (const line of lines) {
    const [, args = '', piped] =
      /^npm run (?:--silent )?doctor -- notice(?: ([^<]+?))?(?: < (\S+))?$/.exec(line) ?? []
    const stdin = piped === undefined ? {} : { stdin: Buffer.from(callback) }
    const { code, out } = await explain({ folder, args: args.split(' ').filter(Boolean), ...stdin })
    t.equal(code, 1, line)
    t.match(out, /HTML entities/, line)
  }
})
