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
