import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import vm from 'node:vm'
import { type Clock, systemClock } from '../../shared/clock/index.js'

export interface MiniProgramOptions {
  /** Where the space answers, such as the gateway's `url`. */
  endpoint: string
  spaceId?: string
  clientSecret?: string
  /** The device's clock: requests carry its time. */
  clock?: Clock
  /** What the device says of itself, over the defaults of a WeChat mini program. */
  device?: Record<string, unknown>
}

/** What `callFunction` resolves to. */
export interface CallResult {
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

/** Options of `uni.request`, as the client library fills them in. */
export interface UniRequest {
  url: string
  method: string
  data: Record<string, unknown>
  header: Record<string, string>
}

const DEVICE = {
  ...{ appId: '__UNI__LOCAL', appName: 'local', appVersion: '1.0.0', appVersionCode: '100' },
  ...{ deviceId: 'local-device', deviceType: 'phone', deviceBrand: 'local', deviceModel: 'local' },
  ...{ osName: 'android', osVersion: '14', platform: 'android', uniPlatform: 'mp-weixin', ua: 'local' },
}

const require = createRequire(import.meta.url)

/**
 * Runs the client library that uni-app builds into mini programs, `@dcloudio/uni-cloud` as published, on an
 * imaginary phone: its own global object, so that several phones do not share what the library keeps there.
 */
export function openMiniProgram(options: MiniProgramOptions): MiniProgram {
  const { endpoint, spaceId = 'mp-local', clientSecret = 'local-secret' } = options
  const storage = new Map<string, unknown>()
  const requests: UniRequest[] = []
  const { uniCloud } = loadClient(uniOf(options, storage, requests), options.clock ?? systemClock)
  const space = uniCloud.init({ provider: 'aliyun', spaceId, clientSecret, endpoint })
  return { storage, requests, callFunction: (call) => space.callFunction(call) }
}

interface Client {
  uniCloud: { init(config: object): Pick<MiniProgram, 'callFunction'> }
}

function loadClient(uni: object, clock: Clock): Client {
  const file = require.resolve('@dcloudio/uni-cloud/dist/uni-cloud.cjs.js')
  const module = { exports: {} }
  class DeviceDate extends Date {
    static override now = () => clock.now()
  }
  const phone = vm.createContext({
    ...{ uni, module, exports: module.exports, Date: DeviceDate, console, setTimeout, clearTimeout },
    wx: { canIUse: () => false },
    process: { env: { NODE_ENV: 'production', UNI_PLATFORM: 'mp-weixin', UNI_APP_ID: DEVICE.appId } },
  })
  new vm.Script(readFileSync(file, 'utf8'), { filename: file }).runInContext(phone)
  return module.exports as Client
}

/** As much of the `uni` global as the library asks for. */
function uniOf({ device }: MiniProgramOptions, storage: Map<string, unknown>, requests: UniRequest[]) {
  return {
    getSystemInfoSync: () => ({ ...DEVICE, ...device }),
    getLaunchOptionsSync: () => ({ scene: 1001 }),
    getLocale: () => 'zh-Hans',
    getStorageSync: (key: string) => storage.get(key) ?? '',
    setStorageSync: (key: string, value: unknown) => storage.set(key, value),
    removeStorageSync: (key: string) => storage.delete(key),
    request(request: UniRequest & { complete?: (answer: object) => void }) {
      requests.push(structuredClone({ ...pick(request) }))
      send(request).then((answer) => request.complete?.(answer))
    },
  }
}

const pick = ({ url, method, data, header }: UniRequest): UniRequest => ({ url, method, data, header })

/** `uni.request`: never rejects, `statusCode` is absent when nobody answered. */
async function send({ url, method, data, header }: UniRequest): Promise<object> {
  try {
    const response = await fetch(url, { method, headers: header, body: JSON.stringify(data) })
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
