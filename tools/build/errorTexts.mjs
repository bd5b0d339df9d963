import { readFile } from 'node:fs/promises'

const DOCS = /^ {2}docs: \{[^{}]*\},\n/gm

/**
 * Leaves out of the table of errors what only the page of errors says: bundles raise each error with its sentence
 * alone.
 */
export const errorTexts = {
  name: 'error texts',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]shared[\\/]errors[\\/]table[\\/]\w+\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const contents = text.replace(DOCS, '')
      if (/\bdocs:/.test(contents))
        throw new Error(`${path}: there are docs that this plugin cannot leave out`)
      return { contents, loader: 'ts' }
    })
  },
}
