import t from 'tap'
import { environmentSource, Settings } from '../../shared/config/index.js'
import { weixinMerchantSettings } from '../../shared/config/providerSettings.js'
import { weixinMerchants } from '../../shared/config/weixinMerchant.js'

const KEY = '0123456789abcdef0123456789ABCDEF'
const base = {
  WEIXIN_APP_ID: 'wx0123456789abcdef',
  WEIXIN_OPEN_APP_ID: 'wxfedcba9876543210',
  WEIXIN_MCH_ID: '1900000109',
  WEIXIN_PAY_KEY: KEY,
}

const read = (env: Record<string, string>) =>
  weixinMerchants(new Settings([environmentSource(env)], new Set(weixinMerchantSettings)))

const apps = [
  { appId: 'wx0123456789abcdef', kind: 'mp' },
  { appId: 'wxfedcba9876543210', kind: 'app' },
]

t.test('one merchant from single settings', async (t) => {
  t.strictSame(read(base), [
    { apps, baseUrl: 'https://api.mch.weixin.qq.com', mchId: '1900000109', signType: 'MD5', key: KEY },
  ])
  t.match(read({ ...base, WEIXIN_PAY_SIGN_TYPE: 'HMAC-SHA256' }), [{ signType: 'HMAC-SHA256' }])
  t.match(read({ ...base, WEIXIN_PAY_BASE_URL: 'http://127.0.0.1:9001/' }), [
    { baseUrl: 'http://127.0.0.1:9001' },
  ])
  t.strictSame(read({}), [])
})

t.test('more merchants from a list, each with its own apps or the common ones', async (t) => {
  const own = [{ appId: 'wx00000000000000aa', kind: 'mp' }]
  const list = [
    { mchId: '1900000110', key: KEY, signType: 'HMAC-SHA256' },
    { mchId: '1900000111', apps: own },
  ]
  t.match(read({ ...base, WEIXIN_MERCHANTS: JSON.stringify(list) }), [
    { mchId: '1900000109' },
    { mchId: '1900000110', key: KEY, signType: 'HMAC-SHA256', apps },
    { mchId: '1900000111', key: undefined, signType: 'MD5', apps: own },
  ])
})

t.test('a wrong value is named, and never repeated', async (t) => {
  const wrong: [
    keyof typeof base | 'WEIXIN_PAY_SIGN_TYPE' | 'WEIXIN_PAY_BASE_URL' | 'WEIXIN_MERCHANTS',
    string,
  ][] = [
    ['WEIXIN_MCH_ID', 'abc'],
    ['WEIXIN_APP_ID', 'abc'],
    ['WEIXIN_OPEN_APP_ID', '2021000000000000'],
    ['WEIXIN_PAY_KEY', 'short-secret'],
    ['WEIXIN_PAY_KEY', `${KEY}secret`],
    ['WEIXIN_PAY_SIGN_TYPE', 'RSA'],
    ['WEIXIN_PAY_BASE_URL', 'ftp://x'],
    ['WEIXIN_PAY_BASE_URL', 'https://x/?a=1'],
    ['WEIXIN_MERCHANTS', 'secret'],
    ['WEIXIN_MERCHANTS', '{}'],
    ['WEIXIN_MERCHANTS', '[{"mchId":"1900000110","key":"secret"}]'],
    ['WEIXIN_MERCHANTS', '[{"mchId":"1900000110","keys":"secret"}]'],
    ['WEIXIN_MERCHANTS', '[{"mchId":"1900000110","apps":[]}]'],
  ]
  for (const [name, value] of wrong) {
    try {
      read({ ...base, [name]: value })
      t.fail(`${name} ${value}`)
    } catch (error) {
      t.match(error, { errCode: 'INVALID_SETTING', errMsg: new RegExp(`^${name}: `) }, value)
      t.notMatch(String(error), /secret/)
    }
  }
})
