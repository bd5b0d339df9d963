import { nonce } from '../../clock.js'
import type { SettingName, SettingSource } from '../../config/index.js'
import { weixinMerchants } from '../../config/weixinMerchant.js'
import { NO_SANDBOX_KEY, openapiError } from '../../errors/index.js'
import { weixinV2Entry } from '../../payment/weixin-v2/entry.js'
import { wordsOf } from '../../payment/weixin-v2/failure.js'
import { readMessage, signature } from '../../payment/weixin-v2/signature.js'
import { writeFlatXml } from '../../xml/flatXml.js'
import { contextOf, type Instance } from '../instance.js'

const PREFIX = '/sandboxnew'

/**
 * WeChat Pay V2's sandbox as settings: other addresses, and a key that WeChat gives for the real one, fetched at the
 * first call. https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=23_1
 */
export function sandboxSource(instance: Instance): () => Promise<SettingSource> {
  let source: Promise<SettingSource> | undefined
  return () => {
    source ??= fetchSource(instance).catch((error: unknown) => {
      source = undefined
      throw error
    })
    return source
  }
}

async function fetchSource(instance: Instance): Promise<SettingSource> {
  const { settings, http, random, timeLeft } = contextOf(instance, weixinV2Entry.settings)
  settings.require('WEIXIN_MCH_ID')
  const realKey = settings.require('WEIXIN_PAY_KEY')
  const [merchant] = weixinMerchants(settings)
  if (!merchant) throw settings.missing('WEIXIN_MCH_ID')
  const fields: [string, string][] = [
    ['mch_id', merchant.mchId],
    ['nonce_str', nonce(random)],
  ]
  const { body } = await http.request({
    method: 'POST',
    url: `${merchant.baseUrl}${PREFIX}/pay/getsignkey`,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: writeFlatXml([...fields, ['sign', signature(fields, realKey, 'MD5')]]),
    timeoutMs: timeLeft(),
  })
  const values: Partial<Record<SettingName, string>> = {
    WEIXIN_PAY_KEY: keyIn(body),
    WEIXIN_PAY_BASE_URL: `${merchant.baseUrl}${PREFIX}`,
  }
  return { label: 'the sandbox', read: (name) => values[name] }
}

function keyIn(body: Buffer): string {
  const fields = readMessage(body)
  const key = typeof fields === 'string' ? undefined : fields.get('sandbox_signkey')
  if (key) return key
  const text = typeof fields === 'string' ? fields : wordsOf(fields) || 'nothing'
  throw openapiError(NO_SANDBOX_KEY, { text })
}
