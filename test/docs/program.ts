import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import vm from 'node:vm'
import type { Test } from 'tap'
import type { Weixin } from '../../shared/library/index.js'
import type { LocalPlatforms } from '../../tools/emulator/platforms/index.js'
import type { Library } from '../library/built.js'

/** Runs a block of the docs as the cloud function it is. */

export interface Surroundings {
  /** What `require` gives for these names; Node's own modules are given anyway. */
  modules?: Readonly<Record<string, unknown>>
  /** Files beside the function. */
  files?: Readonly<Record<string, string | Buffer>>
  globals?: Readonly<Record<string, unknown>>
}

export type Exports = Readonly<Record<string, (...given: unknown[]) => Promise<Record<string, unknown>>>>

export function runFunction(
  t: Test,
  code: string,
  { modules = {}, files = {}, globals = {} }: Surroundings,
): Exports {
  const folder = t.testdir(files)
  const inFolder = createRequire(join(folder, 'index.js'))
  const load = (name: string): unknown =>
    name in modules
      ? modules[name]
      : name.endsWith('.json')
        ? JSON.parse(readFileSync(join(folder, name), 'utf8'))
        : inFolder(name)
  const module = { exports: {} as Exports }
  const names = ['require', 'module', 'exports', '__dirname', ...Object.keys(globals)]
  const run = vm.compileFunction(code, names, { filename: join(folder, 'index.js') })
  run(load, module, module.exports, folder, ...Object.values(globals))
  return module.exports
}

/** The library as a block requires it, its calls led to the local platforms. */
export const libraryAt = (library: Library, { url, secureUrl, files, app }: LocalPlatforms) => {
  const endpoints = { weixinApi: url, weixinPay: secureUrl, weixinPayCa: files.authority, alipayGateway: url }
  const oauth = { weixin: { appid: app.appId, appsecret: app.secret } }
  return {
    ...library,
    initWeixin: (options: Parameters<Library['initWeixin']>[0]): Weixin =>
      library.initWeixin({ ...options, endpoints }),
    /** Finds the application where uni-config-center would have it. */
    vk: () => library.vk({ 'mp-weixin': { oauth }, endpoints }),
  }
}
