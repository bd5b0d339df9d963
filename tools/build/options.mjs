/** Packages that cost milliseconds to load: built once, copied beside each bundle that names them, loaded at first use. */
export const VENDOR = ['axios', 'mongodb', 'xml2js', 'node-forge', 'node-rsa']

/** For what people load into programs of their own: its stacks and classes have the names and lines of the sources. */
export const readable = { minify: false, minifySyntax: true }

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

/** What everything that is built shares. */
export const bundle = {
  bundle: true,
  platform: 'node',
  target: 'node18',
  minify: true,
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  external: [...ON_UNICLOUD, ...OPTIONAL],
}

/** What ES modules alone have. Sources that ask for it do without, where there is none. */
export const noImportMeta = { 'import.meta.url': 'undefined' }

/** As CommonJS an `import()` is a `require()` that happens late. */
export const commonJs = {
  format: 'cjs',
  supported: { 'dynamic-import': false },
  define: noImportMeta,
}

/** Points the vendored packages at their files beside the bundle. */
export const vendored = {
  name: 'vendored',
  setup({ onResolve }) {
    const filter = new RegExp(`^(${VENDOR.join('|')})$`)
    onResolve({ filter }, ({ path }) => ({ path: `./vendor/${path}.js`, external: true }))
  },
}
