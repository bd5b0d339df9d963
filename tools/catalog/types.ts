import { join } from 'node:path'
import ts from 'typescript'
import type { Capability } from './capabilities.js'

/** What one function takes and answers, as the compiler knows it. */
export interface Entry {
  data: ts.Type
  result: ts.Type
}

export interface Entries {
  checker: ts.TypeChecker
  of(capability: Pick<Capability, 'folder'>): Entry
}

/** The types of these declarations. It takes seconds, so they are asked for all at once. */
export function entriesOf(root: string, all: readonly Capability[]): Entries {
  const { checker, entries } = compile(root, all)
  return {
    checker,
    of({ folder }) {
      const entry = memberOf(checker, entries, folder)
      return { data: memberOf(checker, entry, 'data'), result: memberOf(checker, entry, 'result') }
    },
  }
}

function compile(root: string, all: readonly Capability[]) {
  const file = join(root, 'shared', 'client', 'entries.virtual.ts')
  const imports = all.map(({ exported, module }, i) => {
    const path = module.replace(/^shared\//, '../')
    return `import type { ${exported} as op${i} } from '${path}.js'`
  })
  const members = all.map(
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

function memberOf(checker: ts.TypeChecker, type: ts.Type, name: string): ts.Type {
  const property = type.getProperty(name)
  if (!property) throw new Error(`no ${name}`)
  return checker.getTypeOfSymbol(property)
}

/** Binary values by the name of their type: they travel as base64 in JSON, if at all. */
const BINARY = new Set(['Buffer', 'Uint8Array'])

/** What is written above a property, on one line. */
export const commentOf = (checker: ts.TypeChecker, property: ts.Symbol): string =>
  ts.displayPartsToString(property.getDocumentationComment(checker)).replace(/\s+/g, ' ')

export const isBinary = (type: ts.Type): boolean => BINARY.has(type.symbol?.name ?? '')
