import { createRequire } from 'node:module'
import type { Access } from '../config/access.js'
import { type Api, ApiError, type Fields } from './api.js'

/** As much of `@alicloud/fc2` as is used here; it ships no types. */
interface Fc2Client {
  request(
    method: string,
    path: string,
    query: object | null,
    body: object | Buffer | null,
    headers?: object,
    options?: { rawBuf?: boolean },
  ): Promise<{ headers: Record<string, string>; data: unknown }>
}

type Fc2 = new (accountId: string, config: object) => Fc2Client

const TIMEOUT_MS = 120_000

/** API 2016-08-15 through the published SDK, which signs. */
export function openSdk2(access: Access): Api {
  // Loaded when somebody deploys: it takes a quarter of a second.
  const Client = createRequire(import.meta.url)('@alicloud/fc2') as Fc2
  const client = new Client(access.accountId, {
    accessKeyID: access.accessKeyId,
    accessKeySecret: access.accessKeySecret,
    securityToken: access.securityToken,
    region: access.region,
    endpoint: access.endpoint,
    // The SDK speaks plain http unless told otherwise, with settings in its requests.
    secure: true,
    timeout: TIMEOUT_MS,
  })
  return {
    async call(method, path, { query, body } = {}) {
      const { data } = await answered(client.request(method, path, query ?? null, body ?? null))
      return typeof data === 'object' && data !== null ? (data as Fields) : {}
    },
    async invoke(path, event, headers) {
      const answer = await answered(
        client.request('POST', path, null, event.length > 0 ? event : null, headers, { rawBuf: true }),
      )
      const { data } = answer
      // Answers with an error type come parsed, whatever was asked for.
      const body = Buffer.isBuffer(data)
        ? data
        : Buffer.from(typeof data === 'string' ? data : JSON.stringify(data))
      return { headers: answer.headers, body }
    },
  }
}

async function answered<Answer>(work: Promise<Answer>): Promise<Answer> {
  try {
    return await work
  } catch (error) {
    throw asApiError(error)
  }
}

/** The SDK gives the status in its message alone. */
function asApiError(error: unknown): ApiError {
  const { code, message = String(error) } = error as { code?: string; message?: string }
  const [, status] = /failed with (\d{3})\./.exec(message) ?? []
  const [, text] = /message: (.*)\.$/s.exec(message) ?? []
  if (status !== undefined) {
    return new ApiError(code ?? 'Unknown', text ?? message, Number(status), { cause: error })
  }
  // A proxy's own page: JSON was announced and something else came.
  if (error instanceof SyntaxError)
    return new ApiError('BadGateway', 'the answer was no JSON', 502, { cause: error })
  // The HTTP client writes method and address right behind the reason, the last word of which is the host.
  const reason = message.replace(/(GET|POST|PUT|DELETE) https?:.*$/s, '')
  return new ApiError(code ?? 'NoAnswer', reason, undefined, { cause: error })
}
