import { join } from 'node:path'
import t from 'tap'
import { capabilities } from '../../tools/docs/operations.js'
import { declared, isInLibrary } from '../../tools/new/declared.js'
import { firstExample } from '../../tools/new/example.js'
import { teachNodeTypeScript } from '../support/sources.js'

teachNodeTypeScript()

/** What `npm run new` would make of the APIs that are there already is what is there. */

const root = join(import.meta.dirname ?? '', '..', '..')

t.test('a declaration is found wherever it stands, with the door that its reach asks for', async (t) => {
  const all = await capabilities(root)
  const apis = all.filter(({ operation }) => 'spec' in operation || 'variants' in operation)
  t.ok(apis.length > 40)
  for (const platform of ['weixin', 'alipay'] as const) {
    const folder = `shared/${platform}/`
    const own = apis.filter(({ module }) => module.startsWith(folder))
    t.ok(own.length > 0, platform)
    for (const { operation, module, exported, maker } of own) {
      const found = await declared(operation.name)
      t.match({ found }, { found: { platform, file: module.replace(folder, ''), exported, operation } })
      t.ok(isInLibrary(operation.name, platform), operation.name)
      t.equal(maker, operation.reach === 'server' ? 'serverFunction' : 'cloudFunction', operation.name)
    }
  }
})

t.test('what is not there is not found', async (t) => {
  t.equal(await declared('wxacode.getAll'), undefined)
  for (const name of ['wxacode', 'wxacode.getAll', 'demo.ping', 'wxacode.get.spec', 'constructor.name']) {
    t.notOk(isInLibrary(name, 'weixin'), name)
  }
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
