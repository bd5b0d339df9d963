/** What vendored packages bring along and do without here: what stands in its place, by package. */
const INSTEAD = {
  // Connection strings are read by the URL standard, which Node has built in; this one brings tables of 260 KB.
  'whatwg-url': 'module.exports = { URL, URLSearchParams }',
  // Types of files in forms, 137 KB; every form is written by shared/weixin/multipart.ts, which is told the type.
  'mime-db': 'module.exports = {}',
  // Prints what axios's packages do, if an environment variable says so; the one installed here is for development.
  debug: 'module.exports = () => () => undefined',
}

/** Leaves out of a vendored package what no function needs. */
export const lean = {
  name: 'lean',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(${Object.keys(INSTEAD).join('|')})$`)
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'lean' }))
    onLoad({ filter: /.*/, namespace: 'lean' }, ({ path }) => ({ contents: INSTEAD[path], loader: 'js' }))
  },
}
