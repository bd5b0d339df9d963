import { basename } from 'node:path'
import { build, transform } from 'esbuild'
import { bundle, commonJs } from './options.mjs'

/**
 * esbuild splits a bundle into many small files, and opening one costs a cold start more than what is in it. So all
 * that loads at once is joined into `index.js`, and what is imported late stays a file of its own, which gets what it
 * shares with the others from `index.js`.
 */
export async function joinParts({ outputFiles, metafile }, look) {
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]))
  const eager = [...eagerParts(metafile)]
  const late = [...texts.keys()].filter((name) => !eager.includes(name))
  const shared = new Map(eager.filter((name) => name !== 'index.js').map((name, i) => [name, `shared${i}`]))
  return [
    { name: 'index.js', code: await joined(texts, shared, look) },
    ...(await Promise.all(
      late.map(async (name) => ({ name, code: await latePart(texts.get(name), shared, look) })),
    )),
  ]
}

/** `index.js` and whatever it imports by statement, at any depth. */
function eagerParts({ outputs }) {
  const byName = new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]))
  const eager = new Set(['index.js'])
  for (const name of eager) {
    for (const { path, kind } of byName.get(name)?.imports ?? []) {
      if (kind === 'import-statement' && byName.has(basename(path))) eager.add(basename(path))
    }
  }
  return eager
}

async function joined(texts, shared, look) {
  const own = {
    name: 'own',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^\.\// }, ({ path }) => {
        const name = basename(path)
        const isEager = name === 'index.js' || shared.has(name)
        return isEager ? { path: name, namespace: 'part' } : { path, external: true }
      })
      onLoad({ filter: /.*/, namespace: 'part' }, ({ path }) => ({ contents: texts.get(path), loader: 'js' }))
    },
  }
  const names = [...shared].map(([name, as]) => `export * as ${as} from './${name}'`)
  const contents = [`export * from './index.js'`, ...names].join('\n')
  const { outputFiles } = await build({
    ...bundle,
    ...look,
    ...commonJs,
    stdin: { contents, resolveDir: '.' },
    plugins: [own],
    write: false,
  })
  return outputFiles[0].text
}

async function latePart(text, shared, look) {
  const { target, minify, charset, platform } = bundle
  const { code } = await transform(text, { ...commonJs, target, minify, charset, platform, ...look })
  return code.replace(/require\("\.\/([\w-]+\.js)"\)/g, (asIs, name) =>
    shared.has(name) ? `require("./index.js").${shared.get(name)}` : asIs,
  )
}
