import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import t from 'tap'
import { blocksOf, pages, root, textOf } from './blocks.js'

/** Every page says the same in both languages, and points at what is there. */

/** For one reader alone: of no use in the other language. */
const SINGLE = ['CHANGELOG.md', 'CONTRIBUTING.md', 'test/README.md']

const chineseOf = (page: string): string => page.replace(/\.md$/, '.zh-CN.md')
const isEnglish = (page: string): boolean => !page.endsWith('.zh-CN.md') && !SINGLE.includes(page)

/** Remarks are in the page's language. */
const withoutRemarks = (code: string): string => code.replace(/ +(#|\/\/) .*$/gm, '')

const prose = (page: string): string => textOf(page).replace(/^( *)```[\s\S]*?^\1```$/gm, '')

/** What stands at the beginning of lines; table rows with the number of their cells. */
const frameOf = (page: string): string[] =>
  prose(page)
    .split('\n')
    .flatMap((line) => {
      if (line.startsWith('|')) return [`| ${line.split(/(?<!\\)\|/).length}`]
      const [mark] = /^ *(#+|-|\d+\.|<\/?t\w+>)(?=[ <]|$)/.exec(line) ?? []
      return mark === undefined ? [] : [mark]
    })

const linksOf = (page: string): string[] =>
  [...prose(page).matchAll(/\]\(([^)\s]+)\)|<(https?:[^>]+)>/g)].map(([, link, bare]) => link ?? bare ?? '')

/** What stands in code and no language translates; in angle brackets it may. */
const namesIn = (page: string): string[] => {
  const code = [...prose(page).matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text)
  return [...new Set(code.filter((text) => /^[\x20-\x7e]+$/.test(text) && !text.includes('<')))]
}

/** Made for each language from words of its own. */
const GENERATED = ['docs/api.md', 'docs/errors.md', 'docs/orders.md']

for (const page of pages.filter(isEnglish)) {
  t.test(`${page} is the same in both languages`, async (t) => {
    const chinese = chineseOf(page)
    t.ok(pages.includes(chinese), 'there is a Chinese page')
    t.strictSame(frameOf(chinese), frameOf(page), 'headings, lists and tables')
    const code = (of: string) =>
      blocksOf(of).map(({ language, name, text }) => [language, name, withoutRemarks(text)])
    t.strictSame(code(chinese), code(page), 'code')
    if (!GENERATED.includes(page)) {
      t.strictSame(namesIn(chinese).sort(), namesIn(page).sort(), 'names of functions, settings and codes')
    }
    const targets = (of: string) =>
      linksOf(of)
        .map((link) => link.replace('.zh-CN.md', '.md').replace(/(\.md|^)#.*$/, '$1#'))
        .filter((link) => !posix.join(posix.dirname(page), link).endsWith(page))
    t.strictSame(targets(chinese).sort(), targets(page).sort(), 'links')
  })
}

t.test('no Chinese page stands alone', async (t) => {
  t.strictSame(
    pages.filter((page) => page.endsWith('.zh-CN.md')),
    pages.filter(isEnglish).map(chineseOf),
  )
})

/** As GitHub makes them of headings. */
const anchorsIn = (page: string): string[] =>
  [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

t.test('what the pages point at is there', async (t) => {
  for (const page of pages) {
    for (const link of linksOf(page).filter((each) => !each.startsWith('http'))) {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : posix.join(posix.dirname(page), path)
      t.ok(existsSync(join(root, target)), `${page}: ${link}`)
      t.ok(anchor === undefined || anchorsIn(target).includes(anchor), `${page}: ${link}`)
    }
  }
})

t.test('CONTRIBUTING.md names nothing that is gone', async (t) => {
  const named = [...textOf('CONTRIBUTING.md').matchAll(/`((?:shared|tools|test|functions|docs)\/[\w./-]*)`/g)]
  t.ok(named.length > 40)
  for (const [, path = ''] of named) t.ok(existsSync(join(root, path)), path)
})
