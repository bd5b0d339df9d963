import { nonce } from '../../clock.js'
import type { SettingName, SettingSource } from '../../config/index.js'
import { weixinMerchants } from '../../config/weixinMerchant.js'
import { OpenapiError } from '../../errors/index.js'
import { weixinV2Entry } from '../../payment/weixin-v2/entry.js'
import { readMessage } from '../../payment/weixin-v2/message.js'
import { signature } from '../../payment/weixin-v2/sign.js'
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
  const said = typeof fields === 'string' ? fields : (fields.get('return_msg') ?? 'nothing')
  throw new OpenapiError({
    errCode: 'RETURN_FAIL',
    errMsg: `WeChat Pay gave no key for its sandbox and said: ${said}`,
    advice: 'fix the settings',
    status: 502,
  })
}
