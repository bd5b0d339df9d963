import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import ts from 'typescript'
import { complaintsOf } from './compile.js'
import { TARO } from './taro.js'

/** What `getOrderInfo` answers, given to the payment calls as WeChat, DCloud and Taro declare them. */

const root = join(import.meta.dirname, '..', '..')
const builder = (await import(pathToFileURL(join(root, 'tools', 'build', 'client.mjs')).href)) as {
  buildClient(folder: string): Promise<void>
}
// A package of its own: inside of ours the name would mean what was built last.
const project = t.testdir({ 'package.json': '{}' })
const own = join(project, 'node_modules', 'unicloud-openapi')
mkdirSync(own, { recursive: true })
cpSync(join(root, 'package.json'), join(own, 'package.json'))
await builder.buildClient(join(own, 'dist', 'client'))

const options = {
  ...{ strict: true, noEmit: true, types: [], target: ts.ScriptTarget.ES2020 },
  ...{ lib: ['lib.es2020.d.ts', 'lib.dom.d.ts'], skipLibCheck: true },
  ...{ module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  paths: { 'unicloud-openapi/client': [join(own, 'dist', 'client', 'index.d.ts')] },
} satisfies ts.CompilerOptions

/** The compiler's words on each of the sources; `declared` comes in front of them. */
function compile(sources: readonly string[], declared = ''): string[] {
  const head = "import { callFunction } from 'unicloud-openapi/client'\n"
  const files = new Map(
    sources.map((text, i) => [`pay-${i}.ts`, `${head}export async function pay() {\n${text}\n}`]),
  )
  files.set('pay-globals.d.ts', declared)
  const found = complaintsOf(files, options)
  t.strictSame(found.get('pay-globals.d.ts'), [])
  return sources.map((_text, i) => (found.get(`pay-${i}.ts`) ?? []).join('\n'))
}

const ofLogin = "callFunction('getOrderInfo', { outTradeNo: 'T1', sessionToken: 's' })"
const ofClient = (clientType: string) =>
  `callFunction('getOrderInfo', { outTradeNo: 'T1', payToken: 'p', clientType: '${clientType}' })`

const inMiniProgram = (call: string): string[] => [
  `const { orderInfo } = await ${ofLogin}
   if (typeof orderInfo === 'string') throw new Error('an order of Alipay')
   await ${call}`,
  `const { provider, orderInfo } = await ${ofLogin}
   if (provider === 'alipay') throw new Error('an order of Alipay')
   await ${call}`,
  `const { orderInfo } = await ${ofClient('mp-weixin')}
   await ${call}`,
  `const { orderInfo } = await callFunction('getOrderInfo', { outTradeNo: 'T1', code: 'c', clientType: 'mp-weixin' })
   await ${call}`,
  `const answer = await callFunction('getOrderInfo', { outTradeNo: 'T1', payToken: 'p' })
   if (answer.clientType !== 'mp-weixin') throw new Error('somewhere else')
   const { orderInfo } = answer
   await ${call}`,
]

const none = (sources: readonly string[]) => sources.map(() => '')

t.test('wx.requestPayment takes it as it is', async (t) => {
  const types = '/// <reference types="miniprogram-api-typings" />'
  const sources = inMiniProgram('wx.requestPayment(orderInfo)')
  t.strictSame(compile(sources, types), none(sources))
})

t.test('Taro.requestPayment takes it as it is', async (t) => {
  const sources = inMiniProgram("(await import('@tarojs/taro')).default.requestPayment(orderInfo)")
  t.strictSame(compile(sources, TARO), none(sources))
})

t.test('uni.requestPayment takes it as it is, in mini programs and apps, of both providers', async (t) => {
  const types = '/// <reference types="@dcloudio/types" />'
  const sources = [
    ...inMiniProgram("uni.requestPayment({ provider: 'wxpay', ...orderInfo })"),
    `const { orderInfo } = await ${ofClient('mp-alipay')}
     await uni.requestPayment({ provider: 'alipay', orderInfo })`,
    `const { provider, orderInfo } = await ${ofClient('app-plus')}
     await uni.requestPayment({ provider: provider === 'alipay' ? 'alipay' : 'wxpay', orderInfo })`,
    `const { orderInfo } = await ${ofClient('h5')}
     location.href = orderInfo.mwebUrl`,
    `const { orderInfo } = await ${ofClient('native')}
     return orderInfo.codeUrl.length`,
  ]
  t.strictSame(compile(sources, types), none(sources))
})

t.test('what comes for another client does not compile', async (t) => {
  const types = '/// <reference types="miniprogram-api-typings" />'
  const [app, page, any, name] = compile(
    [
      `const { orderInfo } = await ${ofClient('app')}
       if (typeof orderInfo !== 'string') await wx.requestPayment(orderInfo)`,
      `const { orderInfo } = await ${ofClient('web')}
       return orderInfo.codeUrl`,
      `const { orderInfo } = await callFunction('getOrderInfo', { outTradeNo: 'T1', payToken: 'p' })
       return orderInfo.mwebUrl`,
      `return ${ofClient('h5-weixin')}`,
    ],
    types,
  )
  t.match(app, /paySign|nonceStr|timeStamp/)
  t.match(page, /codeUrl/)
  t.match(any, /mwebUrl/)
  t.match(name, /h5-weixin/)
})

const consumer = `
import type { Functions } from 'unicloud-openapi/client'
import client, { callApi, callFunction, clientOver } from 'unicloud-openapi/client'

declare module 'unicloud-openapi/client' {
  interface Functions {
    buy: { data: { goods: string }; result: { outTradeNo: string; payToken: string } }
  }
}

export type Mine = Functions['buy']
export async function buy(sessionToken: string) {
  const { outTradeNo, payToken } = await callFunction('buy', { goods: 'tea' })
  const { orderInfo } = await client.callFunction('getOrderInfo', { outTradeNo, payToken, clientType: 'h5' })
  const { result } = await callApi('security.msgSecCheck', { content: 'x', scene: 1, sessionToken })
  const elsewhere = clientOver(async () => ({}))
  const { outTradeNo: again } = await elsewhere.callFunction('buy', { goods: 'tea' })
  return [orderInfo.mwebUrl, result, again]
}
`

const wrong: [string, RegExp][] = [
  ["callFunction('buy', { goods: 1 })", /number/],
  ["callFunction('buy', { goods: 'tea', sessionToken: 's' })", /sessionToken/],
  ["callFunction('sell', { goods: 'tea' })", /"sell"/],
  ["callFunction('buy', { goods: 'tea' }).then(({ price }) => price)", /price/],
]

t.test('one names functions of one’s own, and every way to resolve modules finds the types', async (t) => {
  const ways: [string, ts.CompilerOptions][] = [
    ['node10', { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Node10 }],
    [
      'node10, CommonJS',
      { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 },
    ],
    ['bundler', { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
    ['nodenext', { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
  ]
  for (const [name, way] of ways) {
    const { paths: _paths, ...rest } = options
    const files = [consumer, ...wrong.map(([text]) => `${consumer}\nexport const made = ${text}`)].map(
      (text, i) => {
        // To NodeNext the project is one of ES modules by this ending.
        const file = join(project, `${name.replace(/\W/g, '')}-${i}.mts`)
        writeFileSync(file, text)
        return file
      },
    )
    const program = ts.createProgram(files, { ...rest, ...way, esModuleInterop: true, skipLibCheck: false })
    const said = files.map((file) =>
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(file))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
        .join('\n'),
    )
    t.equal(said[0], '', name)
    wrong.forEach(([text, reason], i) => {
      t.match(said[i + 1], reason, `${name}: ${text}`)
    })
  }
})
