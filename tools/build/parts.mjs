import { basename } from 'node:path'
import { build } from 'esbuild'
import { bundle, commonJs } from './options.mjs'

const INDEX = 'index.js'
const LATE = 'late.js'
const SHARED = 'shared'

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
  const shared = wantedOf(
    eager.filter((name) => name !== INDEX),
    late.map((name) => graph.get(name).text),
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

const IMPORT = /\bimport\s*\{([^}]*)\}\s*from\s*"\.\/([\w-]+\.js)"/g

/** `a as b, c` as pairs of what a part calls it and what it is called where it is imported. */
const namesIn = (list) =>
  list
    .split(',')
    .map((entry) => entry.trim().split(/\s+as\s+/))
    .filter(([name]) => name !== '')
    .map(([name, local = name]) => ({ name, local }))

/**
 * What `texts` import of each of `parts`, and names for it that no other part has. It is less than these export, as parts
 * that load together import from each other too.
 */
function wantedOf(parts, texts) {
  const imports = texts.flatMap((text) => [...text.matchAll(IMPORT)])
  let count = 0
  return new Map(
    parts.map((part) => {
      const lists = imports.filter(([, , from]) => from === part).map(([, list]) => list)
      const names = new Set(lists.flatMap(namesIn).map(({ name }) => name))
      return [part, [...names].map((name) => ({ name, as: letters(count++) }))]
    }),
  )
}

/** The shortest names there are: `A` to `Z`, `AA` and on; no word of the language is among them. */
const letters = (n) => (n < 26 ? '' : letters(Math.floor(n / 26) - 1)) + String.fromCharCode(65 + (n % 26))

/** The imports from `index.js` all from one place, since each place costs some bytes wherever it is named. */
const fromOnePlace = (text, shared) =>
  text.replace(IMPORT, (asIs, list, from) => {
    const known = shared.get(from)
    if (!known) return asIs
    const as = new Map(known.map((entry) => [entry.name, entry.as]))
    return `import { ${namesIn(list).map(({ name, local }) => `${as.get(name)} as ${local}`)} } from '${SHARED}'`
  })

/** One file of the parts that `own` names. */
async function joined(contents, own, { graph, shared, look }) {
  const parts = {
    name: 'parts',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^\.\// }, ({ path }) => {
        const name = basename(path)
        return own.includes(name) ? { path: name, namespace: 'own' } : { path, external: true }
      })
      onLoad({ filter: /.*/, namespace: 'own' }, ({ path }) => ({
        contents: own.includes(INDEX) ? graph.get(path).text : onLateSide(graph.get(path).text, shared),
      }))
      onResolve({ filter: /^shared$/ }, () => ({ path: SHARED, namespace: SHARED }))
      onLoad({ filter: /.*/, namespace: SHARED }, () => {
        const names = [...shared.values()].flat().map(({ as }) => as)
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

/**
 * Made when `late.js` asks for it, since a cold start would have to wait for it. Getters: what they give may change.
 * What defines them is shorter than a hundred times the word `get`.
 */
const exportOf = (shared) => {
  const parts = [...shared].filter(([, names]) => names.length > 0)
  const imports = parts.map(
    ([part, names]) => `import { ${names.map(({ name, as }) => `${name} as ${as}`)} } from './${part}'`,
  )
  const values = parts.flatMap(([, names]) => names.map(({ as }) => `${as}: () => ${as}`))
  return `${imports.join('\n')}
    let made
    const getters = (values) => {
      for (const name in values) values[name] = { get: values[name] }
      return Object.defineProperties({}, values)
    }
    export const shared = () => (made ??= getters({ ${values} }))`
}

/** The text of a late part. What loaded with `index.js` need not be asked to load. */
const onLateSide = (text, shared) =>
  fromOnePlace(text, shared).replace(/import"\.\/([\w-]+\.js)";/g, (asIs, name) =>
    shared.has(name) ? '' : asIs,
  )

/** What one file wants of the other lies in it under a name. */
const linked = (code, asked) =>
  code.replace(/require\("\.\/([\w-]+\.js)(#shared)?"\)/g, (asIs, name, isShared) => {
    if (isShared) return `require("./${INDEX}").shared()`
    return asked.has(name) ? `require("./${LATE}").${asked.get(name)}()` : asIs
  })
