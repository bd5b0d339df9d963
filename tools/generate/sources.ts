import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Catalog } from '../catalog/index.js'
import { clientTypes } from './clientTypes.js'
import { namespaces } from './namespaces.js'
import { registrySource } from './registry.js'

/** The folder that holds nothing but what is made here. */
export const GENERATED = join('shared', 'generated')

/** Every source that a program writes, by its path below the root. */
export async function generatedSources(catalog: Catalog): Promise<Map<string, string>> {
  const { root, all } = catalog
  const sources = {
    'operations.ts': registrySource(all),
    'functions.ts': clientTypes(catalog),
    'weixinApis.ts': await namespaces(root, 'weixin'),
    'alipayApis.ts': await namespaces(root, 'alipay'),
  }
  return new Map(
    Object.entries(sources).map(([name, source]) => {
      const file = join(GENERATED, name)
      return [file, formatted(root, file, source)]
    }),
  )
}

/** In the project's own layout, so that the file can be checked as any other. */
function formatted(root: string, file: string, source: string): string {
  const biome = join(root, 'node_modules', '.bin', 'biome')
  const options = { cwd: root, input: source, encoding: 'utf8' } as const
  return execFileSync(biome, ['format', `--stdin-file-path=${file}`], options)
}
