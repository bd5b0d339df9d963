import t from 'tap'
import ts from 'typescript'
import { settingInfo } from '../../shared/config/index.js'
import { complaintsOf } from '../client/compile.js'
import { blocksOf, pages } from './blocks.js'

/** JavaScript in the docs agrees with the types that its readers get. */

/** What uniCloud, uni-app and the packages replaced here give a program, as far as the blocks use it. */
const AROUND = `
type Fields = Record<string, any>
declare const uniCloud: {
  callFunction(call: { name: string; data?: object }): Promise<{ result: Fields }>
  database(): { collection(name: string): Fields }
}
declare const uni: {
  login(options?: { provider: 'weixin' }): Promise<{ code: string }>
  requestPayment(options: { provider: 'wxpay' | 'alipay' } & Fields): Promise<unknown>
}
declare module '@dcloudio/unicloud-server-plugin' { export * from 'unicloud-openapi' }
declare module '@alicloud/fc20230330' {
  export class InvokeFunctionRequest { constructor(fields: { body: import('node:stream').Readable }) }
  export default class Client {
    constructor(config: Record<'accessKeyId' | 'accessKeySecret' | 'regionId' | 'endpoint', string>)
    invokeFunction(name: string, request: InvokeFunctionRequest): Promise<{ headers: Record<string, string>; body: AsyncIterable<Uint8Array> }>
  }
}
declare module '@hono/node-server' { export function serve(options: Fields): import('node:http').Server }
declare module '@hono/node-server/utils/response' { export const RESPONSE_ALREADY_SENT: Response }
declare module '@nestjs/common' { export function Module(parts: Fields): (target: Function) => void }
declare module '@nestjs/core' { export const NestFactory: { create(module: Function, options: Fields): Promise<Fields> } }
declare module 'express' { const express: { (): Fields; json(): Fields }; export default express }
declare module 'fastify' { export default function fastify(): Fields }
declare module 'hono' { export const Hono: { new (): Fields } }
declare module 'koa' { const Koa: { new (): Fields }; export default Koa }
declare module 'reflect-metadata' { export {} }
declare module '@dcloudio/uni-pay' { export * from 'unicloud-openapi' }
`

/** What the local platforms answer under /twin/settings and /twin/files. */
const LOCAL = JSON.stringify(
  Object.fromEntries(
    [...Object.keys(settingInfo), 'pfx', 'cert', 'key', 'authority'].map((name) => [name, 'x']),
  ),
)

const CONFIG = [
  ...['appId', 'secret', 'mchId', 'key', 'v3Key', 'serialNo', 'publicKeyId', 'notifyUrl'],
  ...['accountId', 'accessKeyID', 'accessKeySecret', 'region', 'service', 'stage'],
]

const scripts = pages.flatMap(blocksOf).filter(({ language }) => language === 'js')
const nameOf = ({ page, line, text }: (typeof scripts)[number]) =>
  `${page.replaceAll(/\W/g, '-')}-${line}.${/^import /m.test(text) ? 'mjs' : 'cjs'}`

t.test('every script compiles, with the types of the package as published', async (t) => {
  const complaints = complaintsOf(
    new Map([
      ...scripts.map((block) => [nameOf(block), block.text] as const),
      ['around.d.cts', AROUND],
      ...['settings.json', 'files.json'].map((name) => [name, LOCAL] as const),
      ['config.json', JSON.stringify(Object.fromEntries(CONFIG.map((name) => [name, 'x'])))],
    ]),
    {
      resolveJsonModule: true,
      ...{ allowJs: true, checkJs: true, strict: true, noImplicitAny: false, noEmit: true, types: ['node'] },
      ...{ target: ts.ScriptTarget.ES2022, moduleDetection: ts.ModuleDetectionKind.Force },
      ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
    },
  )
  t.ok(scripts.length >= 10)
  for (const script of scripts) {
    t.strictSame(complaints.get(nameOf(script)), [], `${script.page}:${script.line}`)
  }
})
