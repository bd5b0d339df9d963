import t from 'tap'
import { APP_ID } from '../weixin/deployment.js'
import {
  type Case,
  type Exchange,
  exampleNames,
  exampleOf,
  importFunction,
  partsOf,
  type Recorded,
  startRecorder,
  TOKEN_PATH,
} from '../weixin/examples.js'

/** The examples of all WeChat APIs, and a WeChat that records what it is asked and answers as they say. */

export type Fields = Record<string, unknown>
export type Method = (given?: unknown) => Promise<Fields>

export const SECRET = '0123456789abcdef0123456789abcdef'
export const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'

export const recorder = await startRecorder()
t.teardown(() => recorder.close())

/** What a call of `dotted` reaches in a library's instance. */
export function methodAt(instance: unknown, dotted: string): Method {
  const found = dotted.split('.').reduce<unknown>((at, name) => (at as Fields | undefined)?.[name], instance)
  if (typeof found === 'function') return found as Method
  throw new Error(`the library has no ${dotted}`)
}

/** Makes the recorder answer as a case tells. */
export function expect({ upstream }: Pick<Case, 'upstream'>): void {
  recorder.requests.length = 0
  recorder.replies = upstream.map(({ reply }) => reply)
  recorder.givesTokens = !upstream.some(({ request }) => request.path === TOKEN_PATH)
}

/** What a case says that is sent. */
export const wanted = ({ upstream }: Case) =>
  upstream.map(({ request }) => ({ ...request, query: request.query ?? {} }))

/** What was sent, in the same words. */
export const sent = () => recorder.requests.map(told)

function told({ method, path, query, contentType = '', bytes }: Recorded): Exchange['request'] {
  const isForm = contentType.startsWith('multipart/form-data')
  const body = isForm ? partsOf(contentType, bytes) : bytes.length > 0 && jsonIn(bytes)
  const type = contentType === '' ? {} : { contentType: isForm ? 'multipart/form-data' : contentType }
  const { access_token: _token, ...rest } = query
  return { method: method as 'GET' | 'POST', path, query: rest, ...type, ...(body ? { body } : {}) }
}

const jsonIn = (bytes: Buffer): Fields => JSON.parse(bytes.toString()) as Fields

/** What only a login would know: a session key that was left in the store. */
const needsLogin = ({ input, session }: Case) => session === true && 'encryptedData' in input

/** These answer something of their own, or what was left in the store, or pass on to others. */
const OWN = ['authCode2Session', 'openapi', 'tokenRefresh', 'securityMediaCheckResult']

const functions = await Promise.all(exampleNames().map(async (name) => (await importFunction(name)).config))

/** All WeChat APIs with what their examples tell; `operation` is the dotted name. */
export const apis = functions
  .filter(({ name, group }) => (group === 'weixin' || group === 'core') && !OWN.includes(name))
  .map(({ name, operation }) => {
    const { more = [], refused, settings = {}, ...first } = exampleOf(name)
    return {
      operation,
      cases: [first, ...more].filter((kase) => !needsLogin(kase)),
      refused,
      appId: settings.WEIXIN_H5_APP_ID ?? APP_ID,
      secret: settings.WEIXIN_H5_APP_SECRET ?? SECRET,
    }
  })
