import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import type { Access } from '../config/access.js'
import { type Api, ApiError, type Fields, type Method } from './api.js'

/** As much of `@alicloud/fc20230330` as is used here: its own types are of three hundred request classes. */
interface Fc3Client {
  callApi(
    params: object,
    request: { headers: object; query?: object; body?: object; stream?: Readable },
    runtime: object,
  ): Promise<{ headers: Record<string, string>; body: unknown }>
}

type Fc3 = { default: new (config: object) => Fc3Client }

const VERSION = '2023-03-30'

/** In ms. The SDK's own few seconds are too short for an upload. */
const TIMEOUTS = { connectTimeout: 10_000, readTimeout: 120_000 } as const

/** API 2023-03-30 through the published SDK, which signs (ACS3-HMAC-SHA256). */
export function openSdk3(access: Access): Api {
  const { default: Client } = createRequire(import.meta.url)('@alicloud/fc20230330') as Fc3
  const open = (host: string) => {
    const { protocol, host: endpoint } = new URL(access.endpoint ?? `https://${host}`)
    const { accessKeyId, accessKeySecret, securityToken, region: regionId } = access
    return new Client({
      ...{ accessKeyId, accessKeySecret, securityToken, regionId, endpoint },
      protocol: protocol.slice(0, -1),
      ...TIMEOUTS,
    })
  }
  const client = open(`fcv3.${access.region}.aliyuncs.com`)
  const invoking = open(`${access.accountId}.${access.region}.fc.aliyuncs.com`)
  return {
    async call(method, path, { query, body } = {}) {
      const bodyType = method === 'DELETE' ? 'none' : 'json'
      const request = { headers: {}, ...(query ? { query } : {}), ...(body ? { body } : {}) }
      const answer = await answered(client.callApi(paramsOf(method, path, bodyType), request, {}))
      return typeof answer.body === 'object' && answer.body !== null ? (answer.body as Fields) : {}
    },
    async invoke(path, event, headers) {
      const request = { headers, stream: Readable.from([event]) }
      const answer = await answered(invoking.callApi(paramsOf('POST', path, 'byte'), request, {}))
      return { headers: answer.headers, body: answer.body as Buffer }
    },
  }
}

const paramsOf = (method: Method, path: string, bodyType: string): object => ({
  action: actionOf(method, path),
  version: VERSION,
  protocol: 'HTTPS',
  pathname: `/${VERSION}${path}`,
  ...{ method, authType: 'AK', style: 'ROA', reqBodyType: 'json', bodyType },
})

const NOUNS: Readonly<Record<string, string>> = {
  functions: 'Function',
  triggers: 'Trigger',
  'custom-domains': 'CustomDomain',
}
const VERBS = { GET: 'Get', POST: 'Create', PUT: 'Update', DELETE: 'Delete' } as const

/** The action that goes with a path; RAM policies and the signature know requests by it. */
function actionOf(method: Method, path: string): string {
  const parts = path.split('/').slice(1)
  const last = parts.at(-1) ?? ''
  if (last === 'code') return 'GetFunctionCode'
  if (last === 'invocations') return 'InvokeFunction'
  const isCollection = parts.length % 2 === 1
  const noun = NOUNS[(isCollection ? last : parts.at(-2)) ?? ''] ?? ''
  return isCollection && method === 'GET' ? `List${noun}s` : `${VERBS[method]}${noun}`
}

async function answered<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work
  } catch (error) {
    const {
      code,
      message = String(error),
      statusCode,
    } = error as {
      code?: string
      message?: string
      statusCode?: number
    }
    if (statusCode !== undefined) throw new ApiError(code ?? 'Unknown', message, statusCode, { cause: error })
    if (/JSON/.test(message))
      throw new ApiError('BadGateway', 'the answer was no JSON', 502, { cause: error })
    throw new ApiError(code ?? 'NoAnswer', message, undefined, { cause: error })
  }
}
