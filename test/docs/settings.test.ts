import t from 'tap'
import { alipayApps } from '../../shared/config/alipayApp.js'
import { type SettingName, Settings, settingInfo } from '../../shared/config/index.js'
import { weixinMerchants } from '../../shared/config/weixinMerchant.js'
import { weixinApps } from '../../shared/weixin/app.js'
import { blocksOf, textOf } from './blocks.js'

/** The page of settings has all there are, and its lists are taken as they stand. */

const PAGE = 'docs/settings.md'

const namesIn = (text: string): string[] =>
  [...text.matchAll(/^\| ([^|]*)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([A-Z]+_[A-Z0-9_]+)`/g)].map(([, name = '']) => name),
  )

t.test('every setting is on the page, once, and the README names no other', async (t) => {
  t.strictSame(namesIn(textOf(PAGE)).sort(), Object.keys(settingInfo).sort())
  const [, chapter = ''] = /^## Settings\n([\s\S]*?)^## /m.exec(textOf('README.md')) ?? []
  const named = namesIn(chapter)
  t.ok(named.length > 15)
  t.strictSame(
    named.filter((name) => !(name in settingInfo)),
    [],
  )
})

const readers: Partial<Record<SettingName, (settings: Settings) => readonly object[]>> = {
  WEIXIN_APPS: weixinApps,
  WEIXIN_MERCHANTS: weixinMerchants,
  ALIPAY_APPS: alipayApps,
}

/** Where the page has the path of a file, a reader of the docs has the file. */
const withFiles = (text: string): string => text.replaceAll(/"certs\/[^"]+"/g, '"-----BEGIN KEY-----"')

t.test('the lists are taken', async (t) => {
  const lists = blocksOf(PAGE)
  t.strictSame(
    lists.map(({ name }) => name),
    Object.keys(readers),
  )
  for (const { name, text } of lists) {
    const given = withFiles(text)
    const source = { label: PAGE, read: (asked: string) => (asked === name ? given : undefined) }
    const settings = new Settings([source], new Set(Object.keys(settingInfo) as SettingName[]))
    const taken = readers[name as SettingName]?.(settings) ?? []
    t.match(taken, JSON.parse(given), name)
  }
})
