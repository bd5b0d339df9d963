import { basename } from 'node:path'
import { build } from 'esbuild'
import { bundle, commonJs } from './options.mjs'

const INDEX = 'index.js'
const LATE = 'late.js'

/**
 * esbuild splits a bundle into many small files, and opening one costs a cold start more than what is in it. So all
 * that loads at once is joined into `index.js`. What is imported late is joined into `late.js`, where each part waits
 * for its first use; what both have to do with lies in `index.js`, which gives it to the other as `shared`.
 */
export async function joinParts({ outputFiles, metafile }, look) {
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]))
  const outputs = Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output])
  const graph = new Map(outputs.map(([name, output]) => [name, { ...output, text: texts.get(name) }]))
  const eager = reachable(graph, ['import-statement'])
  // Not every part there is: esbuild makes some that only code asks for which it leaves out.
  const used = reachable(graph, ['import-statement', 'dynamic-import'])
  const late = used.filter((name) => !eager.includes(name))
  const shared = new Map(
    eager.filter((name) => name !== INDEX).map((name, i) => [name, renamedExports(graph.get(name), i)]),
  )
  const asked = new Map(askedFor(graph, used).map((name, i) => [name, `late${i}`]))
  const joining = { graph, shared, look }
  const files = [
    {
      name: INDEX,
      code: await joined(`export * from './${INDEX}'\n${exportOf(shared)}`, eager, joining),
    },
  ]
  if (late.length > 0) {
    const loaders = [...asked].map(([name, as]) => `export const ${as} = () => require('./${name}')`)
    files.push({ name: LATE, code: await joined(loaders.join('\n'), late, joining) })
  }
  return files.map(({ name, code }) => ({ name, code: linked(code, asked) }))
}

/** `index.js` and whatever it imports in one of these ways, at any depth. */
function reachable(graph, kinds) {
  const reached = new Set([INDEX])
  for (const name of reached) {
    for (const { path, kind } of graph.get(name).imports) {
      if (kinds.includes(kind) && graph.has(basename(path))) reached.add(basename(path))
    }
  }
  return [...reached]
}

/** The parts that one of those in use imports late. */
const askedFor = (graph, used) => {
  const imports = used.flatMap((name) => graph.get(name).imports)
  const late = imports.filter(({ path, kind }) => kind === 'dynamic-import' && graph.has(basename(path)))
  return [...new Set(late.map(({ path }) => basename(path)))]
}

/** The names of what a part exports, which other parts use as well, and beside them names of its own. */
const renamedExports = ({ exports }, i) => exports.map((name) => ({ name, as: `${name}${i}` }))

/** One file of the parts that `own` names. */
async function joined(contents, own, { graph, shared, look }) {
  const parts = {
    name: 'parts',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^\.\// }, ({ path }) => {
        const name = basename(path)
        if (own.includes(name)) return { path: name, namespace: 'own' }
        return shared.has(name) ? { path: name, namespace: 'shared' } : { path, external: true }
      })
      onLoad({ filter: /.*/, namespace: 'own' }, ({ path }) => ({
        contents: withoutBareImports(graph.get(path).text, shared),
      }))
      onLoad({ filter: /.*/, namespace: 'shared' }, ({ path }) => {
        const names = shared.get(path).map(({ name, as }) => `${as} as ${name}`)
        return { contents: `export { ${names} } from './${INDEX}#shared'` }
      })
    },
  }
  const { outputFiles } = await build({
    ...bundle,
    ...look,
    ...commonJs,
    stdin: { contents, resolveDir: '.' },
    plugins: [parts],
    write: false,
  })
  return outputFiles[0].text
}

/** Made when `late.js` asks for it, since a cold start would have to wait for it. Getters: what they give may change. */
const exportOf = (shared) => {
  const parts = [...shared]
  const imports = parts.map(
    ([part, names]) => `import { ${names.map(({ name, as }) => `${name} as ${as}`)} } from './${part}'`,
  )
  const getters = parts.flatMap(([, names]) => names.map(({ as }) => `get ${as}() { return ${as} }`))
  return [...imports, 'let made', `export const shared = () => (made ??= { ${getters} })`].join('\n')
}

/** A part that loaded with `index.js` need not be asked to load. */
const withoutBareImports = (text, shared) =>
  text.replace(/import"\.\/([\w-]+\.js)";/g, (asIs, name) => (shared.has(name) ? '' : asIs))

/** What one file wants of the other lies in it under a name. */
const linked = (code, asked) =>
  code.replace(/require\("\.\/([\w-]+\.js)(#shared)?"\)/g, (asIs, name, isShared) => {
    if (isShared) return `require("./${INDEX}").shared()`
    return asked.has(name) ? `require("./${LATE}").${asked.get(name)}()` : asIs
  })
