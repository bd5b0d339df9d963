import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** Packages that cost milliseconds to load: built once, copied beside each bundle that names them, loaded at first use. */
export const VENDOR = ['axios', 'mongodb', 'lossless-json', 'xml2js', 'node-forge']

/** Present on uniCloud only, and asked for only there. */
const ON_UNICLOUD = ['uni-config-center']

/** Optional companions that the MongoDB driver asks for and does without. */
const OPTIONAL = [
  'mongodb-client-encryption',
  'kerberos',
  '@mongodb-js/zstd',
  'snappy',
  'socks',
  'aws4',
  'gcp-metadata',
  '@aws-sdk/credential-providers',
]

/** What every bundle shares. */
export const bundle = {
  bundle: true,
  platform: 'node',
  target: 'node18',
  format: 'cjs',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  external: [...ON_UNICLOUD, ...OPTIONAL],
  // A vendored package loads when it is used, so `import()` has to become a late `require()`.
  supported: { 'dynamic-import': false },
}

/** Loading `node:crypto` alone takes as long as all of ours: every builtin waits for its first use. */
export const lazyBuiltins = {
  name: 'lazy-builtins',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, namespace }) =>
      namespace === 'lazy' ? { path, external: true } : { path, namespace: 'lazy' },
    )
    onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => ({ contents: lazyModule(path), loader: 'js' }))
  },
}

const lazyModule = (path) => `
const load = () => require(${JSON.stringify(path)})
const offer = (name, get) => Object.defineProperty(exports, name, { enumerable: true, get })
exports.__esModule = true
offer('default', load)
for (const name of ${JSON.stringify(Object.keys(require(path)))}) offer(name, () => load()[name])
`

/** Points the vendored packages at their files beside the bundle. */
export const vendored = {
  name: 'vendored',
  setup({ onResolve }) {
    const filter = new RegExp(`^(${VENDOR.join('|')})$`)
    onResolve({ filter }, ({ path }) => ({ path: `./vendor/${path}.js`, external: true }))
  },
}
