import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { inspect } from 'node:util'
import t from 'tap'
import { settingInfo } from '../../shared/config/index.js'
import * as table from '../../shared/errors/index.js'
import { alipayOptionNames } from '../../shared/library/initAlipay.js'
import { weixinOptionNames } from '../../shared/library/initWeixin.js'
import { underOptionNames } from '../../shared/library/options.js'
import { vkNames } from '../../shared/library/vk/options.js'
import { failureOf, freshLibrary } from './built.js'

/** What somebody sees who calls a constructor wrongly, or whose program prints an error of ours. */

const library = freshLibrary()
const appId = 'wx0123456789abcdef'

/** The error that a call throws at once. */
function thrownBy(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

const nonsense = [null, 'wx1', 7, ['wx1'], () => ({ appId }), new Date(0), Buffer.from('wx1')]

t.test('options that are none are named, with a sample', async (t) => {
  const constructors: [name: 'initWeixin' | 'initAlipay' | 'vk', sample: string][] = [
    ['initWeixin', "initWeixin({ appId: 'wx...', secret: '...' })"],
    ['initAlipay', "initAlipay({ appId: '2021...', privateKey: '...' })"],
    ['vk', "vk({ 'mp-weixin': { oauth: { weixin: { appid, appsecret } } } })"],
  ]
  for (const [name, sample] of constructors) {
    for (const given of name === 'vk' ? nonsense : [undefined, ...nonsense]) {
      const error = thrownBy(() => (library[name] as (given: unknown) => unknown)(given))
      t.match(error, { name: 'OpenapiError', errCode: 'INVALID_PARAM' }, `${name} ${inspect(given)}`)
      t.equal((error as Error).message, `options: expected an object, such as ${sample}`)
    }
  }
  t.ok(library.vk(), 'vk alone may be called without')
})

t.test('a name that is nearly right is told the right one', async (t) => {
  const cases: [work: () => unknown, message: RegExp][] = [
    [
      () => library.initWeixin({ appid: appId } as never),
      /^appid: unknown option; known here: .*; did you mean appId\?$/,
    ],
    [() => library.initWeixin({ appId, appSecret: 's' } as never), /^appSecret: .*did you mean secret\?$/],
    // So it stands in the document of unicloud-server-plugin.
    [
      () => library.initAlipay({ appId: 'appId', secret: 'secret' } as never),
      /^secret: .*privateKey is meant.*alipayPublicKey/,
    ],
    [
      () => library.initAlipay({ appId: '2', privateKey: 'k', publicKey: 'k' } as never),
      /^publicKey: alipayPublicKey is meant/,
    ],
    [() => library.initWeixin({ appId, mchid: '1' } as never), /^mchid: .*; did you mean mchId\?$/],
    [
      () => library.initWeixin({ appId, endpoints: 'http://x' } as never),
      /^endpoints: expected an object, such as \{ weixinApi, /,
    ],
    [
      () => library.initWeixin({ appId, apiSecurity: 'on' } as never),
      /^apiSecurity: expected an object, such as \{ symmetricKey, /,
    ],
    [
      () => library.initWeixin({ appId, store: 'mongodb://host/db' } as never),
      /^store: expected what openMongoStore\(uri\)/,
    ],
    [() => library.vk({ 'mp-weixn': {} } as never), /^mp-weixn: unknown option; did you mean mp-weixin\?$/],
    [() => library.vk({ mpWeixin: {} } as never), /^mpWeixin: unknown option; did you mean mp-weixin\?$/],
    [() => library.vk({ 'mp-weixin': { oath: {} } } as never), /^mp-weixin\.oath: .*did you mean oauth\?$/],
    [
      () => library.vk({ 'mp-weixin': { oauth: { weixin: { appid: appId, appSecret: 'x' } } } } as never),
      /^mp-weixin\.oauth\.weixin\.appSecret: .*did you mean appsecret\?$/,
    ],
    [
      () => library.vk({ 'mp-weixin': appId } as never),
      /^mp-weixin: expected an object, such as \{ oauth \}$/,
    ],
    [() => library.vk({ timeot: 1 } as never), /^timeot: .*did you mean timeout\?$/],
    [
      () => library.openUniCloudStore({} as never),
      /^database: expected what uniCloud\.database\(\) answers$/,
    ],
  ]
  for (const [work, message] of cases) t.match(thrownBy(work), { errCode: 'INVALID_PARAM', message })
})

t.test('the whole content of uni-id’s and vk’s files is taken, most of which is not for here', async (t) => {
  const login = {
    tokenExpiresIn: 2592000,
    oauth: { weixin: { appid: appId, appsecret: 'x' }, qq: { appid: '1' } },
  }
  const uniId = {
    ...{
      passwordSecret: 'x',
      tokenSecret: 'x',
      tokenExpiresIn: 7200,
      bindTokenToDevice: false,
      service: { sms: {} },
    },
    ...{
      app: login,
      web: { oauth: { 'weixin-h5': { appid: '', appsecret: '' }, 'weixin-web': {} } },
      h5: login,
    },
    ...{
      'app-plus': login,
      'mp-weixin': login,
      'h5-weixin': login,
      'mp-qq': {},
      'mp-toutiao': {},
      univerify: {},
    },
    'mp-alipay': { oauth: { alipay: { appid: '', privateKey: '', keyType: 'PKCS8' } } },
  }
  const vkFile = {
    vk: { clientCrypto: {}, service: {}, oauth: { weixin: { list: [] }, qq: {} } },
    'uni-id': {},
  }
  t.ok(library.vk({ ...uniId, ...vkFile }))
  t.ok(library.vk({ 'mp-weixin': undefined, vk: null } as never), 'what is left out in a template')
})

t.test('errors speak of options, wherever a sentence of ours names a setting', async (t) => {
  const isSetting = (word: string) => Object.hasOwn(settingInfo, word)
  const sentences = Object.values(table).flatMap((row) =>
    typeof row === 'object' && 'errCode' in row && 'en' in row ? [String(row.en)] : [],
  )
  t.ok(sentences.length > 50)
  /** Those of functions, which the library does not run. */
  const others = /^(EVENT_|TOKEN_HUB_|WEIXIN_TOKEN_HUB_|CLIENT_|WEIXIN_APPS$|WEIXIN_MERCHANTS$|ALIPAY_APPS$)/
  for (const sentence of sentences) {
    const left = underOptionNames(sentence, { ...alipayOptionNames, ...weixinOptionNames })
    const settings = [...left.matchAll(/\b[A-Z]+(?:_[A-Z0-9]+)+\b/g)].map(([word]) => word)
    t.strictSame(
      settings.filter((word) => isSetting(word) && !others.test(word)),
      [],
      left,
    )
  }
  const { initAlipay, initWeixin, openMongoStore } = library
  const pay = { appId, mchId: '1900000109', key: 'k'.repeat(32) }
  const refund = { outTradeNo: 'T123456', outRefundNo: 'R123456', totalFee: 1, refundFee: 1 }
  const cases: [Promise<unknown>, RegExp][] = [
    [initWeixin(pay).refund(refund), /no client certificate.*: set pfx, or cert and certKey$/],
    [
      initAlipay({ appId: '2021000122671080' } as never).orderQuery({ outTradeNo: 'T1' }),
      /no private key: set privateKey$/,
    ],
    [openMongoStore('mongodb://user:a@b@host/db'), /^uri: .*percent-encoded/],
    [openMongoStore(undefined as never), /^uri: expected a text, such as mongodb:/],
  ]
  for (const [work, errMsg] of cases) t.match(await failureOf(work), { errMsg })
})

t.test('vk’s errors have vk’s names', async (t) => {
  const cases: [options: object, call: 'weixin' | 'alipay', msg: RegExp][] = [
    [{}, 'weixin', /^mp-weixin\.oauth\.weixin\.appid is not set\. Looked in: vk options/],
    [
      { 'mp-weixin': { oauth: { weixin: { appid: 'wx1' } } } },
      'weixin',
      /^mp-weixin\.oauth\.weixin\.appid: not an/,
    ],
    [
      { vk: { oauth: { weixin: { list: [{ appid: 'wx1' }] } } } },
      'weixin',
      /^vk\.oauth\.weixin\.list: expected a list of \{ appid, appsecret \}$/,
    ],
    [
      { vk: { oauth: { alipay: { list: [{ appid: '1' }] } } } },
      'alipay',
      /^vk\.oauth\.alipay\.list: expected a list of \{ appid, privateKey, alipayPublicKey \}$/,
    ],
  ]
  for (const [options, provider, msg] of cases) {
    const { weixin, alipay } = library.vk(options).openapi
    const answer =
      provider === 'weixin' ? weixin.auth.getAccessToken() : alipay.auth.code2Session({ code: 'x' })
    t.match(await answer, { code: -1, msg, advice: 'fix the settings' })
  }
  t.match(Object.values(vkNames).join(), /vk\.oauth\.weixin\.list/)
})

t.test('an error prints under its own name and code, with the lines of the sources', async (t) => {
  const error = thrownBy(() => library.initWeixin('wx1' as never)) as Error
  const head = 'OpenapiError [INVALID_PARAM]: options: expected an object'
  t.ok(String(error).startsWith(head), String(error))
  t.ok(inspect(error).startsWith(head), inspect(error))
  t.notMatch(inspect(error), /undefined/, 'what it has not is not shown')
  t.match(error.stack, /at .*initWeixin /)
  const dist = (...path: string[]) => join(import.meta.dirname, '..', '..', 'dist', ...path)
  for (const file of [dist('library', 'index.cjs'), dist('commonModule', 'index.js')]) {
    const program = `require(${JSON.stringify(file)}).initWeixin('wx1')`
    const { stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' })
    t.match(stderr, /^OpenapiError \[INVALID_PARAM\]: options: expected an object/m, file)
    t.match(stderr, /at checkOptions .*\n(?:.*\n)?.*initWeixin/, `${file}: names of functions`)
    const longest = Math.max(...stderr.split('\n').map(({ length }) => length))
    if (file.endsWith('.cjs')) t.ok(longest < 400, 'no line of a whole bundle')
  }
  const esm = `import { initWeixin } from ${JSON.stringify(dist('library', 'index.mjs'))}; try { initWeixin() } catch (e) { console.log(e) }`
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', esm], { encoding: 'utf8' })
  t.match(printed, /^OpenapiError \[INVALID_PARAM\]/)
})
