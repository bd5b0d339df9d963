import type { SettingName } from '../config/index.js'
import type { Bilingual, Operation, Reach } from '../operation/index.js'

export type Group = 'core' | 'weixin' | 'alipay' | 'payment'

/** What deployment needs to know of one function. The build collects these into `dist/functions.json`. */
export interface FunctionConfig {
  name: string
  /** The dotted name of the operation behind it. */
  operation: string
  title: Bilingual
  doc: string
  group: Group
  reach: Reach
  /** Runs by itself this often, such as `5m` or `12h`; such a function answers timers and servers only. */
  every?: string
  /** At what time of the Beijing day, `10:30`, where it runs once a day. */
  at?: string
  /** Where URL calls reach it. */
  path: string
  /** Megabytes. */
  memory: number
  /** Seconds. */
  timeout: number
  settings: readonly SettingName[]
}

const CORE = new Set(['token', 'openapi', 'message', 'request'])

/** Which group an operation belongs to; groups build and deploy separately. What serves both platforms is core's. */
export function groupOf({ name, settings }: Pick<Operation, 'name' | 'settings'>): Group {
  const namespace = name.split('.')[0] ?? ''
  if (namespace === 'payment') return 'payment'
  if (CORE.has(namespace)) return 'core'
  if (!settings.includes('ALIPAY_APP_ID')) return 'weixin'
  return settings.includes('WEIXIN_APP_ID') ? 'core' : 'alipay'
}
