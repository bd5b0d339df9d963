import type * as v from 'valibot'
import { alipayAppSettings } from '../../config/providerSettings.js'
import { invalidParam } from '../../errors/index.js'
import { freeMap, object, optional, text } from '../../operation/fields.js'
import type { Context, Operation } from '../../operation/index.js'
import { clientOf } from '../api.js'
import { type AlipayCall, callAlipay } from '../client.js'
import { OWN_PARAMS } from '../request.js'

const input = object({
  method: text({
    max: 128,
    pattern: /^[a-z]\w*(\.\w+)+$/,
    like: 'the name of an Alipay method, such as alipay.open.app.qrcode.create',
  }),
  data: optional(freeMap('an object such as { biz_content: { ... } } in the words of Alipay'), {}),
})

/** Calls any Alipay method. Names and values are Alipay's own, both ways; `code` and `msg` of a success are left out. */
export const request = {
  name: 'request',
  doc: 'https://opendocs.alipay.com/mini/api',
  title: {
    en: 'Call any Alipay method: `data.biz_content` is its content, signed and verified here',
    zh: '调用任意支付宝接口：data.biz_content 为业务参数，签名与验签自动完成',
  },
  input,
  settings: alipayAppSettings,
  repeat: 'never',
  reach: 'server',
  async run(given: v.InferOutput<typeof input>, context: Context): Promise<Record<string, unknown>> {
    const { fields } = await callAlipay(clientOf(context), callOf(given))
    const { code: _code, msg: _msg, ...rest } = fields
    return rest
  },
} as const satisfies Operation<typeof input>

function callOf({ method, data }: v.InferOutput<typeof input>): AlipayCall {
  const foreign = Object.keys(data).find((name) => OWN_PARAMS.includes(name))
  if (foreign) throw invalidParam(`data.${foreign}`, 'not expected: it is set here')
  const { biz_content: bizContent, notify_url, auth_token, app_auth_token, ...rest } = data
  return {
    method,
    bizContent: contentOf(bizContent),
    notifyUrl: asText('notify_url', notify_url),
    authToken: asText('auth_token', auth_token),
    appAuthToken: asText('app_auth_token', app_auth_token),
    params: Object.fromEntries(
      Object.entries(rest).map(([name, value]) => [name, asText(name, value) ?? '']),
    ),
    codeless: true,
    unverified: 'allowed',
    repeat: 'never',
  }
}

/** An object, or the JSON text that somebody made of one. */
function contentOf(value: unknown): object | string | undefined {
  if (value === undefined || typeof value === 'string') return value
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw invalidParam('data.biz_content', 'expected an object')
}

function asText(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw invalidParam(`data.${name}`, 'expected a text')
}
