import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import ts from 'typescript'
import { type Capability, capabilities } from '../docs/operations.js'
import { isDispatched } from '../docs/registry.js'
import { Printer } from './print.js'

/** Where the types of the client are kept, below the root. */
export const CLIENT_TYPES = join('shared', 'client', 'functions.ts')

/**
 * What a client may call and what it gets, as types that need nothing but themselves: a front end has neither our
 * sources nor their dependencies. Taken from the declarations by the compiler.
 */
export async function clientTypes(root: string): Promise<string> {
  const open = (await capabilities(root)).filter(
    (each) => isDispatched(each) && each.operation.reach !== 'never',
  )
  const { checker, entries } = compile(root, open)
  const printer = new Printer(checker)
  const functions = open.map((each) => declaration(each, entryOf(checker, entries, each), printer))
  const apis = open.map(({ operation, folder }) => `'${operation.name}': '${folder}'`)
  return formatted(
    root,
    `/** Made from the declarations by \`npm run docs\`; do not edit. */
export interface Functions {
${functions.join('\n')}
}

/** The same by their dotted names. */
export interface Apis {
${apis.join('\n')}
}

/** Proof of a login: what authCode2Session answered, or a fresh code from \`uni.login\`. */
export type Login = { sessionToken: string } | { code: string }
`,
  )
}

function compile(root: string, open: readonly Capability[]) {
  const file = join(root, 'shared', 'client', 'entries.virtual.ts')
  const imports = open.map(({ exported, module }, i) => {
    const path = module.replace(/^shared\//, '../')
    return `import type { ${exported} as op${i} } from '${path}.js'`
  })
  const members = open.map(
    ({ folder }, i) => `${folder}: { data: InputOf<typeof op${i}>; result: OutputOf<typeof op${i}> }`,
  )
  const source = `import type { InputOf, OutputOf } from '../operation/index.js'
${imports.join('\n')}
export interface Entries { ${members.join('\n')} }`
  const options = optionsOf(root)
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, source, ts.ScriptTarget.ES2022) : getSourceFile(name, ...rest)
  const program = ts.createProgram([file], options, host)
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(program.getSourceFile(file) as ts.Node)
  const entries = module && checker.getExportsOfModule(module).find(({ name }) => name === 'Entries')
  if (!entries) throw new Error('the declarations could not be read')
  return { checker, entries: checker.getDeclaredTypeOfSymbol(entries) }
}

function optionsOf(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options
}

interface Entry {
  data: ts.Type
  result: ts.Type
}

function entryOf(checker: ts.TypeChecker, entries: ts.Type, { folder }: Capability): Entry {
  const entry = memberOf(checker, entries, folder)
  return { data: memberOf(checker, entry, 'data'), result: memberOf(checker, entry, 'result') }
}

function memberOf(checker: ts.TypeChecker, type: ts.Type, name: string): ts.Type {
  const property = type.getProperty(name)
  if (!property) throw new Error(`no ${name}`)
  return checker.getTypeOfSymbol(property)
}

function declaration({ operation, folder }: Capability, { data, result }: Entry, printer: Printer): string {
  const { title, session, ownOpenid, input } = operation
  const omit = new Set(ownOpenid === undefined ? [] : [ownOpenid])
  const proof = session === 'none' ? '' : session === 'optional' ? ' & Partial<LOGIN>' : ' & LOGIN'
  // Where `code` is the operation's own, it is no login.
  const ownsCode = 'entries' in input && 'code' in (input.entries as object)
  const login = ownsCode ? '{ sessionToken: string }' : 'Login'
  return `/**
 * ${title.en}.
 * ${title.zh}。
 */
${folder}: { data: ${wrapped(printer.text(data, omit))}${proof.replace('LOGIN', login)}; result: ${printer.text(result)} }`
}

const wrapped = (text: string): string => (text.includes('|') ? `(${text})` : text)

/** In the project's own layout, so that the file can be checked as any other. */
function formatted(root: string, source: string): string {
  const biome = join(root, 'node_modules', '.bin', 'biome')
  const options = { cwd: root, input: source, encoding: 'utf8' } as const
  return execFileSync(biome, ['format', `--stdin-file-path=${CLIENT_TYPES}`], options)
}
