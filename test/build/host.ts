import { join } from 'node:path'
import { build } from 'esbuild'

/** Bundles a host of this folder into `outfile`, so that it runs anywhere, on any Node. */
export const buildHost = (name: 'aloneHost' | 'spaceHost', outfile: string) =>
  build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  })
