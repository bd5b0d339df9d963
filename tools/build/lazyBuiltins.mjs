import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * Loading `node:crypto` alone takes as long as all of ours, so every builtin waits for its first use. A module of
 * stand-ins takes its place in the bundle, of which only those that are used remain.
 */
export const lazyBuiltins = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind, namespace }) =>
      // What is asked for by `import()` or from inside a stand-in is meant to load.
      namespace === 'lazy' || kind === 'dynamic-import'
        ? { path, external: true }
        : { path, namespace: 'lazy' },
    )
    onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({ contents: standIns(path), loader: 'js' }))
  },
}

const standIns = (path) => {
  const names = Object.entries(require(path)).filter(
    ([name]) => /^[A-Za-z_]\w*$/.test(name) && name !== 'default',
  )
  return [
    // Asked for once: `require` looks the name up anew each time, which a signature by MD5 would notice.
    `let loaded; const load = () => (loaded ??= require(${JSON.stringify(path)}))`,
    STAND_INS,
    ...names.map(
      ([name, value]) =>
        `export const ${name} = /* @__PURE__ */ ${typeof value === 'function' ? 'callable' : 'object'}('${name}')`,
    ),
  ].join('\n')
}

/** Stand in for functions that are called, classes that are made with `new` or extended, and what lies on them. */
const STAND_INS = `
const object = (name) => new Proxy({}, { get: (_, key) => load()[name][key] })
const callable = (name) => {
  const it = new Proxy(function () {}, {
    get: (_, key) => load()[name][key],
    apply: (_, on, args) => load()[name](...args),
    construct: (_, args, made) => Reflect.construct(load()[name], args, made === it ? load()[name] : made),
  })
  return it
}`
