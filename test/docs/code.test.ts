import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Block, blocksOf, pages, root } from './blocks.js'

/** No block of code is there that no test compiles or runs. */

interface Runner {
  /** The test that takes the blocks, and says so by naming the page. */
  test: string
  page: RegExp
  languages: readonly string[]
}

const english = (name: string): RegExp => new RegExp(`${name}(\\.zh-CN)?\\.md$`)

const runners: readonly Runner[] = [
  { test: 'test/docs/commands.test.ts', page: /\.md$/, languages: ['sh'] },
  { test: 'test/docs/json.test.ts', page: /\.md$/, languages: ['json'] },
  { test: 'test/docs/readme.test.ts', page: english('README'), languages: ['js'] },
  { test: 'test/docs/moving.test.ts', page: english('docs/moving'), languages: ['js'] },
  { test: 'test/docs/client.test.ts', page: english('docs/client'), languages: ['ts'] },
  { test: 'test/docs/caller.test.ts', page: english('docs/deploy-fc'), languages: ['js'] },
  { test: 'test/server/frameworks.test.ts', page: english('docs/server'), languages: ['js'] },
  { test: 'test/build/guide.test.ts', page: english('docs/deploy-unicloud'), languages: ['js', 'json'] },
  {
    test: 'test/doctor/notice/docs.test.ts',
    page: english('docs/diagnosis'),
    languages: ['ini', 'http', 'text'],
  },
  { test: 'test/deploy/docs.test.ts', page: english('docs/deploy-fc'), languages: ['yaml', 'ini'] },
]

const isTakenBy =
  ({ page, language }: Block) =>
  (runner: Runner): boolean =>
    runner.page.test(page) && runner.languages.includes(language)

t.test('every block has the test that takes it', async (t) => {
  // `npm run docs` writes these from declarations, whose examples have tests of their own.
  const written = pages
    .filter((page) => !/^docs\/(?:api|errors|orders)(?:\.zh-CN)?\.md$/.test(page))
    .flatMap(blocksOf)
  const without = written.filter((block) => !runners.some(isTakenBy(block)))
  t.strictSame(
    without.map(({ page, line, language }) => `${page}:${line} ${language}`),
    [],
  )
})

t.test('the tests are there, and none has run out of blocks', async (t) => {
  const blocks = pages.flatMap(blocksOf)
  for (const runner of runners) {
    t.ok(existsSync(join(root, runner.test)), runner.test)
    const taken = blocks.filter((block) => isTakenBy(block)(runner))
    t.ok(taken.length > 0, runner.test)
    const text = readFileSync(join(root, runner.test), 'utf8')
    const isGeneral = runner.page.source === '\\.md$'
    const [page = ''] = taken.map((block) => block.page.replace(/^docs\//, ''))
    t.ok(isGeneral || text.includes(page), `${runner.test} names ${page}`)
  }
})
