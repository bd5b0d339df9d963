import type { FunctionConfig } from '../../../shared/runtime/config.js'
import { cronOf } from './cron.js'
import { Refusal, SPACE } from './space.js'

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
  triggers?: [{ name: string; type: 'timer'; config: string }]
}

/** Kept free between our own deadline and the platform's: a cold instance has to load first. Seconds. */
const SPARE = 5

/** What uniCloud reads of a function's `package.json` (doc.dcloud.net.cn/uniCloud/cf-functions.html#packagejson). */
export const manifestOf = (config: FunctionConfig, place: ConfigCenter) => ({
  description: `${config.title.zh} · ${config.title.en}`,
  dependencies: dependenciesOf('function', place),
  'cloudfunction-config': cloudFunctionConfig(config),
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

function cloudFunctionConfig({
  name,
  path,
  reach,
  every,
  at,
  memory,
  timeout,
}: FunctionConfig): CloudFunctionConfig {
  const memorySize = SPACE.memorySizes.find((size) => size >= memory)
  if (memorySize === undefined) throw new Refusal(`${name} wants ${memory} MB, more than uniCloud gives`)
  return {
    // Whoever is not meant to be called by URL gets no address.
    ...(reach === 'callback' ? { path } : {}),
    timeout: every === undefined ? Math.min(timeout + SPARE, SPACE.timeout) : SPACE.timerTimeout,
    memorySize,
    runtime: SPACE.runtime,
    ...(every === undefined ? {} : { triggers: [{ name, type: 'timer', config: cronOf(every, name, at) }] }),
  }
}
