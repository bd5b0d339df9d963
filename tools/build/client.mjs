import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { transform } from 'esbuild'
import ts from 'typescript'

const source = join('shared', 'client', 'index.ts')

/**
 * Builds `dist/client/`: the few lines a front end calls functions with, and their types, which need nothing beside
 * them. A project takes the package or copies the folder.
 */
export async function buildClient(folder = join('dist', 'client')) {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const text = (await readFile(source, 'utf8')).replaceAll('../generated/functions.js', './functions.js')
  const { code } = await transform(text, { loader: 'ts', format: 'esm', target: 'es2018', charset: 'utf8' })
  const manifest = { type: 'module', types: 'index.d.ts', main: 'index.js', sideEffects: false }
  const files = {
    'index.js': code,
    'index.d.ts': declarationsOf(text),
    // Nothing but types, and so its own declaration.
    'functions.d.ts': await readFile(join('shared', 'generated', 'functions.ts'), 'utf8'),
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
  }
  await Promise.all(Object.entries(files).map(([name, content]) => writeFile(join(folder, name), content)))
}

function declarationsOf(text) {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, strict: true }
  const { outputText, diagnostics } = ts.transpileDeclaration(text, {
    compilerOptions,
    reportDiagnostics: true,
  })
  const [problem] = diagnostics ?? []
  if (problem) throw new Error(ts.flattenDiagnosticMessageText(problem.messageText, '\n'))
  return outputText
}
