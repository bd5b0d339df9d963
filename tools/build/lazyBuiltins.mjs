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
    ...names.map(([name, value]) => `export const ${name} = ${standIn(name, value)}`),
  ].join('\n')
}

/** Stands in for functions that are called, classes that are made with `new` or extended, and what lies on them. */
const standIn = (name, value) =>
  typeof value === 'function'
    ? `/* @__PURE__ */ new Proxy(function () {}, { get: (_, key) => load().${name}[key], apply: (_, on, args) => load().${name}(...args), construct: (_, args, target) => Reflect.construct(load().${name}, args, target === ${name} ? load().${name} : target) })`
    : `/* @__PURE__ */ new Proxy({}, { get: (_, key) => load().${name}[key] })`
