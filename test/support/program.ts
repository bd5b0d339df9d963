import { existsSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/**
 * Node's arguments for one of this repository's own programs, `tools/demo/main.ts` say: its bundle, where `npm test` made
 * one (`PROGRAMS` in `tools/test/bundle.ts`), else the source by way of tsx, which takes half a second longer to start.
 */
export function program(source: string): string[] {
  const bundle = join(process.env.TEST_BUNDLES ?? '', source.replace(/\.ts$/, '.mjs'))
  if (process.env.TEST_BUNDLES !== undefined && existsSync(bundle)) return [bundle]
  return [`--import=${import.meta.resolve('tsx')}`, join(root, source)]
}
