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
