import { join } from 'node:path'
import t from 'tap'
import { groupOf } from '../../shared/runtime/config.js'
import { capabilities } from '../../tools/catalog/capabilities.js'
import { teachNodeTypeScript } from '../support/sources.js'

teachNodeTypeScript()

t.test('whoever has one platform leaves the group of the other away and misses nothing', async (t) => {
  const groups = new Map<string, string>()
  for (const { folder, operation } of await capabilities(join(import.meta.dirname, '..', '..'))) {
    groups.set(folder, groupOf(operation))
    const serves = (platform: RegExp) => operation.settings.some((name) => platform.test(name))
    const group = groups.get(folder)
    if (group === 'weixin') t.notOk(serves(/^ALIPAY_/), `${folder} is WeChat's alone`)
    if (group === 'alipay') t.notOk(serves(/^WEIXIN_/), `${folder} is Alipay's alone`)
  }
  t.match(Object.fromEntries(groups), {
    ...{ authCode2Session: 'core', tokenRefresh: 'core', openapi: 'core', subscribeMessageSend: 'core' },
    ...{ refund: 'payment', certificateRefresh: 'payment', wxacodeGet: 'weixin', acodeGetMiniCode: 'alipay' },
  })
})
