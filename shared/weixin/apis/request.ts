import { invalidParam } from '../../errors/index.js'
import { choice, freeMap, object, optional, text } from '../../operation/fields.js'
import type { Context, Operation } from '../../operation/index.js'
import { untouched } from '../answer.js'
import { callWeixin } from '../api.js'
import { weixinApp, weixinAppSettings } from '../app.js'

/**
 * Segments of letters, digits and `_ - .`, none of them dots alone: so the call stays on WeChat's host, under the path
 * that is written, and adds nothing to the query.
 */
const PATH = /^(\/(?!\.+(\/|$))[\w.-]+)+$/

/** Calls any WeChat API. Names and values are WeChat's own, both ways; only the token is added. */
export const request = {
  name: 'request',
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/',
  title: {
    en: 'Call any WeChat API: `data` is the query of a GET or the JSON body of a POST, and the token is added',
    zh: '调用任意微信接口：data 为 GET 的查询参数或 POST 的 JSON 包体，token 自动附加',
  },
  input: object({
    method: optional(choice(['GET', 'POST']), 'POST'),
    path: text({
      max: 512,
      pattern: PATH,
      like: 'a path of the API, such as /wxa/generate_urllink, and nothing else',
    }),
    data: optional(freeMap('an object in the words of WeChat'), {}),
  }),
  settings: weixinAppSettings,
  repeat: 'never',
  reach: 'server',
  async run(
    { method, path, data }: { method: 'GET' | 'POST'; path: string; data: Record<string, unknown> },
    context: Context,
  ) {
    if ('access_token' in data) throw invalidParam('data.access_token', 'expected no token: it is added here')
    const app = weixinApp(context.settings, 'mp', context.appId)
    const common = { api: path, path, credential: 'token', answer: untouched } as const
    const call =
      method === 'GET'
        ? ({ ...common, method, query: asQuery(data), repeat: 'safe' } as const)
        : ({
            ...common,
            method,
            body: { contentType: 'application/json', bytes: JSON.stringify(data) },
            repeat: 'never',
          } as const)
    return callWeixin(call, app, context)
  },
} as const satisfies Operation

function asQuery(data: Record<string, unknown>): Record<string, string> {
  const entries = Object.entries(data).map(([key, value]) => {
    if (typeof value === 'object')
      throw invalidParam(`data.${key}`, 'expected a text, number or flag: a GET has no body')
    return [key, String(value)] as const
  })
  return Object.fromEntries(entries)
}
