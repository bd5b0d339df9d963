import t from 'tap'
import { settingInfo } from '../../shared/config/index.js'
import { blocksOf, pages, textOf } from './blocks.js'

/** JSON in the docs can be read, and settings in it are settings. */

const blocks = pages.flatMap(blocksOf).filter(({ language }) => language === 'json')

const isNameOfSetting = (name: string): boolean => /^[A-Z]+(_[A-Z0-9]+)+$/.test(name)

t.test('every function has an example: what it is given and what it answers', async (t) => {
  for (const page of pages.filter((name) => /^docs\/api\b/.test(name))) {
    const sections = textOf(page).split(/^### /m).slice(1)
    t.ok(sections.length > 60, page)
    const bare = sections.filter((text) => text.split('```json').length !== 3)
    t.strictSame(
      bare.map((text) => text.split('\n')[0]),
      [],
      page,
    )
  }
})

t.test('every block parses, and no setting is misspelt', async (t) => {
  t.ok(blocks.length > 100)
  for (const { page, line, text } of blocks) {
    const place = `${page}:${line}`
    const names = Object.keys(JSON.parse(text) as object).filter(isNameOfSetting)
    t.strictSame(
      names.filter((name) => !(name in settingInfo)),
      [],
      place,
    )
  }
})
