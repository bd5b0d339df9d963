import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** What a front end's compiler says of code that calls functions through the built client. */

const root = join(import.meta.dirname, '..', '..')

/** The part of uni-app's own types that the snippets touch, as https://uniapp.dcloud.net.cn/api/ documents it. */
const UNI = `
interface RequestPaymentOptions {
  provider: 'alipay' | 'wxpay'
  orderInfo?: string | object
  timeStamp?: string
  nonceStr?: string
  package?: string
  signType?: string
  paySign?: string
}
declare const uni: {
  login(): Promise<{ code: string }>
  setStorageSync(key: string, value: unknown): void
  requestPayment(options: RequestPaymentOptions): Promise<unknown>
  request(options: { url: string; method: 'POST'; data: object }): Promise<{ data: unknown; statusCode: number }>
}
`

/** The messages for each of the sources, in order; `client` is a folder that the build made. */
export function compile(client: string, sources: readonly string[]): string[][] {
  const files = new Map(sources.map((text, i) => [`snippet-${i}.ts`, text]))
  files.set('snippet-uni.d.ts', UNI)
  const complaints = complaintsOf(files, {
    ...{ strict: true, noEmit: true, exactOptionalPropertyTypes: true, types: [] },
    ...{ target: ts.ScriptTarget.ES2020, lib: ['lib.es2020.d.ts', 'lib.dom.d.ts'] },
    ...{ module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
    paths: { 'unicloud-openapi/client': [join(client, 'index.d.ts')] },
  })
  return sources.map((_text, i) => complaints.get(`snippet-${i}.ts`) ?? [])
}

/** The messages for each file of a program that stands in the root of the repository, by its name. */
export function complaintsOf(
  texts: ReadonlyMap<string, string>,
  options: ts.CompilerOptions,
): Map<string, string[]> {
  const files = new Map([...texts].map(([name, text]) => [join(root, name), text]))
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => files.has(name) || fileExists(name)
  host.getSourceFile = (name, version, ...rest) => {
    const text = files.get(name)
    return text === undefined
      ? getSourceFile(name, version, ...rest)
      : ts.createSourceFile(name, text, version)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return new Map(
    [...texts.keys()].map((name) => [
      name,
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(join(root, name)))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    ]),
  )
}

/** The TypeScript blocks of a page. */
export const snippets = (page: string): string[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(
    ([, code]) => code ?? '',
  )
