import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import vm from 'node:vm'
import { type Clock, systemClock } from '../../shared/clock.js'

export interface MiniProgramOptions {
  /** Where the space answers, such as the local cloud's `url`. */
  endpoint: string
  spaceId?: string
  clientSecret?: string
  /** The device's clock: requests carry its time. */
  clock?: Clock
  /** In which wallet the mini program runs; WeChat's unless said otherwise. */
  platform?: 'mp-weixin' | 'mp-alipay'
  /** Whether the library behaves as in a development build, which prefers a local debugging server to the space. */
  debugging?: boolean
  /** What the device says of itself, over the defaults of a mini program. */
  device?: Record<string, unknown>
}

/** What `callFunction` resolves to. */
interface CallResult {
  success: boolean
  result: Record<string, unknown>
  requestId: string
  errCode: number | string
  header: Record<string, string>
}

/** One phone with one mini program. */
export interface MiniProgram {
  /** Rejects with the client's own `UniCloudError { errCode, errMsg, message, requestId }`. */
  callFunction(call: { name: string; data?: object; timeout?: number }): Promise<CallResult>
  /** What `uni.setStorageSync` keeps; a `uni_id_token` in it travels with every call. */
  storage: Map<string, unknown>
  /** Every request the client library made, in order. */
  requests: UniRequest[]
}

const require = createRequire(import.meta.url)

/**
 * Runs the client library that uni-app builds into mini programs, `@dcloudio/uni-cloud` as published, on an
 * imaginary phone: its own global object, so that several phones do not share what the library keeps there.
 */
export function openMiniProgram(options: MiniProgramOptions): MiniProgram {
  const { endpoint, spaceId = 'mp-local', clientSecret = 'local-secret', platform = 'mp-weixin' } = options
  const storage = new Map<string, unknown>()
  const requests: UniRequest[] = []
  const space = { provider: 'aliyun', spaceId, clientSecret, endpoint }
  const build = options.debugging ? developmentBuild(space) : { NODE_ENV: 'production' }
  const env = { ...build, UNI_PLATFORM: platform, UNI_APP_ID: APP_ID }
  const uni = uniOf({ uniPlatform: platform, ...options.device }, storage, requests)
  const { uniCloud } = loadClient(uni, options.clock ?? systemClock, env)
  // Only the space that the build wrote in is debugged; everybody else names one.
  const client = options.debugging ? uniCloud : uniCloud.init(space)
  return { storage, requests, callFunction: (call) => client.callFunction(call) }
}

/** What HBuilderX writes into a build that it starts. */
function developmentBuild(space: { endpoint: string }) {
  const { hostname, port } = new URL(space.endpoint)
  return {
    NODE_ENV: 'development',
    UNI_CLOUD_PROVIDER: JSON.stringify([space]),
    UNICLOUD_DEBUG: JSON.stringify({ address: [hostname], servePort: Number(port) }),
  }
}

type CallFunction = Pick<MiniProgram, 'callFunction'>

interface Client {
  uniCloud: CallFunction & { init(config: object): CallFunction }
}

function loadClient(uni: object, clock: Clock, env: Record<string, string>): Client {
  const file = require.resolve('@dcloudio/uni-cloud/dist/uni-cloud.cjs.js')
  const module = { exports: {} }
  class DeviceDate extends Date {
    static override now = () => clock.now()
  }
  const phone = vm.createContext({
    ...{ uni, module, exports: module.exports, Date: DeviceDate, console, setTimeout, clearTimeout },
    wx: { canIUse: () => false },
    process: { env },
  })
  new vm.Script(readFileSync(file, 'utf8'), { filename: file }).runInContext(phone)
  return module.exports as Client
}

export const APP_ID = '__UNI__LOCAL'

/** Options of `uni.request`, as the client library fills them in. */
export interface UniRequest {
  url: string
  method: string
  data: Record<string, unknown>
  header: Record<string, string>
}

const DEVICE = {
  ...{ appId: APP_ID, appName: 'local', appVersion: '1.0.0', appVersionCode: '100' },
  ...{ deviceId: 'local-device', deviceType: 'phone', deviceBrand: 'local', deviceModel: 'local' },
  ...{ osName: 'android', osVersion: '14', platform: 'android', ua: 'local' },
}

/** As much of the `uni` global as the client library asks for. `device`: what it says beyond being an Android phone. */
export function uniOf(
  device: Record<string, unknown>,
  storage: Map<string, unknown>,
  requests: UniRequest[],
) {
  return {
    getSystemInfoSync: () => ({ ...DEVICE, ...device }),
    getLaunchOptionsSync: () => ({ scene: 1001 }),
    getLocale: () => 'zh-Hans',
    getStorageSync: (key: string) => storage.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => storage.set(key, value),
    removeStorageSync: (key: string) => storage.delete(key),
    request(request: UniRequest & Callbacks) {
      const { url, method, data, header = {} } = request
      requests.push(structuredClone({ url, method, data, header }))
      send(request).then((answer) => {
        if ('statusCode' in answer) request.success?.(answer)
        else request.fail?.(answer)
        request.complete?.(answer)
      })
    },
  }
}

interface Callbacks {
  success?(answer: object): void
  fail?(answer: object): void
  complete?(answer: object): void
}

/** `uni.request`: never rejects; `statusCode` is absent when nobody answered. */
async function send({ url, method, data, header }: UniRequest): Promise<object> {
  try {
    const headers = { 'content-type': 'application/json', ...header }
    const response = await fetch(url, { method, headers, body: JSON.stringify(data) })
    const text = await response.text()
    return { statusCode: response.status, data: parsed(text), header: Object.fromEntries(response.headers) }
  } catch (error) {
    return { errMsg: `request:fail ${(error as Error).message}` }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
