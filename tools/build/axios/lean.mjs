import { readFile } from 'node:fs/promises'

/** Modules of axios that stand for nothing here, and what takes their place. */
const INSTEAD = {
  // The adapter is always the one that is given.
  'adapters/adapters.js': 'export default { getAdapter: (adapter) => adapter }',
  // Every form is written by shared/weixin/multipart.ts, and nothing is sent as parameters of axios.
  'helpers/toFormData.js': 'export default () => { throw new Error("no forms here") }',
  'helpers/toURLEncodedForm.js': 'export default () => { throw new Error("no forms here") }',
  'helpers/formDataToJSON.js': 'export default () => { throw new Error("no forms here") }',
  'helpers/AxiosURLSearchParams.js': 'export default class {}',
  'platform/index.js': 'export default { isNode: true, classes: {} }',
}

const READ = "typeof G.FormData !== 'undefined' ? G.FormData : undefined"

/** Leaves out of axios what costs a cold start most: its adapters, forms, and a global of Node's that loads all of fetch. */
export const leanAxios = {
  name: 'lean axios',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]axios[\\/]lib[\\/].*\.js$/ }, async ({ path }) => {
      const name = path.split(/[\\/]axios[\\/]lib[\\/]/)[1].replaceAll('\\', '/')
      if (name in INSTEAD) return { contents: INSTEAD[name] }
      if (name !== 'utils.js') return undefined
      const text = await readFile(path, 'utf8')
      if (!text.includes(READ)) throw new Error(`${path} reads FormData in another way than it did`)
      return { contents: text.replace(READ, 'undefined') }
    })
  },
}
