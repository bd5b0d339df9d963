import type { SettingName } from '../config/index.js'
import type { Bilingual, Reach } from '../operation/index.js'

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
  /** Where URL calls reach it. */
  path: string
  /** Megabytes. */
  memory: number
  /** Seconds. */
  timeout: number
  settings: readonly SettingName[]
}

const CORE = new Set(['token', 'openapi', 'message', 'request', 'certificate'])

/** What only Alipay has. */
const ALIPAY = new Set(['alipay', 'acode'])

/** Which group a dotted name belongs to; groups build and deploy separately. */
export function groupOf(dotted: string): Group {
  const namespace = dotted.split('.')[0] ?? ''
  if (namespace === 'payment') return 'payment'
  if (ALIPAY.has(namespace)) return 'alipay'
  return CORE.has(namespace) ? 'core' : 'weixin'
}
