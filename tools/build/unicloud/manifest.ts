import type { FunctionConfig } from '../../../shared/runtime/config.js'
import { cronOf } from './cron.js'
import { Refusal, type Space } from './space.js'

/** Where DCloud's module `uni-config-center` lies: among the common modules, or as HBuilderX's new projects have it. */
export type ConfigCenter = 'common' | 'uni_modules'

export interface CloudFunctionConfig {
  /** Where URL calls reach it. */
  path?: string
  /** Seconds. */
  timeout: number
  /** MB. */
  memorySize: number
  runtime: string
  /** Of Tencent: whether what is left after an answer runs on, and is billed. */
  keepRunningAfterReturn?: false
  triggers?: [{ name: string; type: 'timer'; config: string }]
}

/** Kept free between our own deadline and the platform's: a cold instance has to load first. Seconds. */
const SPARE = 5

/** What uniCloud reads of a function's `package.json` (doc.dcloud.net.cn/uniCloud/cf-functions.html#packagejson). */
export const manifestOf = (config: FunctionConfig, place: ConfigCenter, space: Space) => ({
  description: `${config.title.zh} · ${config.title.en}`,
  dependencies: dependenciesOf('function', place),
  'cloudfunction-config': cloudFunctionConfig(config, space),
})

const inUniModules = 'uni_modules/uni-config-center/uniCloud/cloudfunctions/common/uni-config-center'
const FROM = {
  function: { common: 'file:../common/uni-config-center', uni_modules: `file:../../../${inUniModules}` },
  module: { common: 'file:../uni-config-center', uni_modules: `file:../../../../${inUniModules}` },
} as const

/** HBuilderX puts into the upload what is named here and lies at that place. */
export const dependenciesOf = (what: keyof typeof FROM, place: ConfigCenter) => ({
  'uni-config-center': FROM[what][place],
})

function cloudFunctionConfig(config: FunctionConfig, space: Space): CloudFunctionConfig {
  const { name, path, reach, every, at, memory } = config
  const memorySize = space.memorySizes.find((size) => size >= memory)
  if (memorySize === undefined) throw new Refusal(`${name} wants ${memory} MB, more than uniCloud gives`)
  return {
    // Whoever is not meant to be called by URL gets no address.
    ...(reach === 'callback' ? { path } : {}),
    timeout: timeoutOf(config, space),
    memorySize,
    runtime: space.runtime,
    // An open connection to a database would run, and be billed, to the time limit.
    ...(space.edition === 'tencent' ? { keepRunningAfterReturn: false } : {}),
    ...(every === undefined ? {} : { triggers: [{ name, type: 'timer', config: cronOf(every, name, at) }] }),
  }
}

/** Where runs that exceed their limit are started again, DCloud advises the longest for timers. */
function timeoutOf({ every, timeout }: FunctionConfig, space: Space): number {
  const most = every === undefined ? space.timeout : space.timerTimeout
  return every !== undefined && space.repeatsTimers ? most : Math.min(timeout + SPARE, most)
}
