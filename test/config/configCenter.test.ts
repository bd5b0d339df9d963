import t from 'tap'
import { configCenterSource, type SettingName, Settings } from '../../shared/config/index.js'
import { weixinApps } from '../../shared/weixin/app.js'

/** A uni-config-center of these files, as uniCloud's module answers: by dotted path, and by file. */
const center = (plugins: Record<string, { config?: object; files?: Record<string, unknown> }>) =>
  configCenterSource((pluginId) => {
    const plugin = plugins[pluginId]
    return (
      plugin && {
        config: (path = '') =>
          path
            .split('.')
            .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], plugin.config),
        requireFile: (name) => plugin.files?.[name],
      }
    )
  })

const read = (plugins: Parameters<typeof center>[0], ...names: SettingName[]) => {
  const settings = new Settings([center(plugins)], new Set(names))
  return names.map((name) => settings.get(name))
}

t.test('our own file wins, whatever else is there', async (t) => {
  const plugins = {
    'unicloud-openapi': { config: { WEIXIN_APP_ID: 'wx0000000000000001', WEIXIN_APPS: [{ appId: 'x' }] } },
    'uni-id': { config: { 'mp-weixin': { oauth: { weixin: { appid: 'wx0000000000000002' } } } } },
  }
  t.strictSame(read(plugins, 'WEIXIN_APP_ID', 'WEIXIN_APPS'), ['wx0000000000000001', '[{"appId":"x"}]'])
})

t.test('uni-id is read under its old and its new names', async (t) => {
  const weixin = { appid: 'wx0000000000000002', appsecret: 'secret-2' }
  const old = {
    'mp-weixin': { oauth: { weixin } },
    'h5-weixin': { oauth: { weixin } },
    'app-plus': { oauth: { weixin } },
  }
  const recent = { web: { oauth: { 'weixin-h5': weixin } }, app: { oauth: { weixin } } }
  const names = ['WEIXIN_H5_APP_ID', 'WEIXIN_H5_APP_SECRET', 'WEIXIN_OPEN_APP_ID'] as const
  const expected = ['wx0000000000000002', 'secret-2', 'wx0000000000000002']
  t.strictSame(read({ 'uni-id': { config: old } }, ...names), expected)
  t.strictSame(read({ 'uni-id': { config: recent } }, ...names), expected)
  t.strictSame(read({ 'uni-id': { config: old } }, 'WEIXIN_APP_SECRET'), ['secret-2'])
})

t.test('vk-unicloud lists more applications, one of which uni-id may have named before', async (t) => {
  const mini = { appid: 'wx0000000000000002', appsecret: 'secret-2' }
  const plugins = {
    'uni-id': { config: { 'mp-weixin': { oauth: { weixin: mini } } } },
    'vk-unicloud': {
      files: {
        'index.js': {
          vk: {
            oauth: {
              weixin: {
                list: [mini, { appid: 'wx0000000000000003', appsecret: 'secret-3', comment: 'second' }],
              },
              alipay: { list: [{ appid: '2021000000000001', privateKey: 'key', alipayPublicKey: '' }] },
            },
          },
        },
      },
    },
  }
  const names = [
    'WEIXIN_APP_ID',
    'WEIXIN_APP_SECRET',
    'WEIXIN_H5_APP_ID',
    'WEIXIN_H5_APP_SECRET',
    'WEIXIN_APPS',
  ] as const
  t.strictSame(weixinApps(new Settings([center(plugins)], new Set(names))), [
    { appId: 'wx0000000000000002', kind: 'mp', secret: 'secret-2' },
    { appId: 'wx0000000000000003', kind: 'mp', secret: 'secret-3' },
  ])
  t.strictSame(read(plugins, 'ALIPAY_APPS'), ['[{"appId":"2021000000000001","privateKey":"key"}]'])
})

t.test('nothing there is nothing said, and the error says where it was looked for', async (t) => {
  t.strictSame(read({}, 'WEIXIN_APP_ID', 'WEIXIN_APPS'), [undefined, undefined])
  const settings = new Settings([center({})], new Set<SettingName>(['WEIXIN_APP_ID']))
  t.throws(() => settings.require('WEIXIN_APP_ID'), /Looked in: uni-config-center/)
})
