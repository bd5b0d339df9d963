import { basename } from 'node:path'
import { build } from 'esbuild'
import { bundle, commonJs } from './options.mjs'

const INDEX = 'index.js'
const SHARED = 'shared'

/** What one call needs of these rooms, another needs of none: a merchant has one payment system. */
const ROOMS = /(?:^|\/)shared\/(?:payment\/)?(weixin-v2|weixin-v3|alipay|diagnosis)\//

/**
 * esbuild splits a bundle into many small files, and opening one costs a cold start more than what is in it. So all
 * that loads at once is joined into `index.js`. What is imported late is joined into `late.js`, and into a file for each
 * of the {@link ROOMS}; there each part waits for its first use. What they have to do with of `index.js` is given to them
 * as `shared`.
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
  const files = filesOf(graph, late)
  const asked = new Map(askedFor(graph, used, files).map((name, i) => [name, `late${i}`]))
  const joining = { graph, shared, look }
  const index = `export * from './${INDEX}'\n${exportOf(shared)}`
  const wanted = [{ name: INDEX, contents: index, own: eager }]
  for (const name of new Set(files.values())) {
    const own = late.filter((part) => files.get(part) === name)
    const loaders = own
      .filter((part) => asked.has(part))
      .map((part) => `export const ${asked.get(part)} = () => require('./${part}')`)
    wanted.push({ name, contents: loaders.join('\n'), own })
  }
  return Promise.all(
    wanted.map(async ({ name, contents, own }) => ({
      name,
      code: linked(await joined(contents, own, joining), { asked, files }),
    })),
  )
}

/** In which file each late part lies: in that of a room if nothing outside of the room has to do with it. */
function filesOf(graph, late) {
  const rooms = new Map(late.map((name) => [name, new Set()]))
  for (const name of late) {
    const { entryPoint } = graph.get(name)
    if (entryPoint === undefined) continue
    const room = ROOMS.exec(entryPoint.replaceAll('\\', '/'))?.[1] ?? ''
    for (const part of reachable(graph, ['import-statement'], name)) rooms.get(part)?.add(room)
  }
  return new Map(
    [...rooms].map(([name, [room, ...others]]) => [
      name,
      room && others.length === 0 ? `late-${room}.js` : 'late.js',
    ]),
  )
}

/** A part, and whatever it imports in one of these ways, at any depth. */
function reachable(graph, kinds, from = INDEX) {
  const reached = new Set([from])
  for (const name of reached) {
    for (const { path, kind } of graph.get(name).imports) {
      if (kinds.includes(kind) && graph.has(basename(path))) reached.add(basename(path))
    }
  }
  return [...reached]
}

/** The parts that one of those in use imports late, or that lie in another late file than who imports them. */
const askedFor = (graph, used, files) => {
  const asked = used.flatMap((name) =>
    graph
      .get(name)
      .imports.map(({ path, kind }) => ({ part: basename(path), kind }))
      .filter(
        ({ part, kind }) =>
          files.has(part) && (kind === 'dynamic-import' || files.get(part) !== files.get(name)),
      ),
  )
  return [...new Set(asked.map(({ part }) => part))]
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
 * Made when a late file asks for it, since a cold start would have to wait for it. Getters: what they give may change.
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

/** What one file wants of another lies in that one under a name. */
const linked = (code, { asked, files }) =>
  code.replace(/require\("\.\/([\w-]+\.js)(#shared)?"\)/g, (asIs, name, isShared) => {
    if (isShared) return `require("./${INDEX}").shared()`
    return asked.has(name) ? `require("./${files.get(name)}").${asked.get(name)}()` : asIs
  })
