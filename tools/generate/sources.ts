import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FunctionConfig } from '../../shared/runtime/config.js'
import { type Capability, isDispatched } from '../catalog/capabilities.js'
import type { Catalog } from '../catalog/index.js'
import { clientPatience, EDITIONS, editions } from '../clouds/index.js'
import { clientTypes } from './clientTypes.js'
import { namespaces } from './namespaces.js'

/** The folder that holds nothing but what is made here. */
export const GENERATED = join('shared', 'generated')

/** Every source that a program writes, by its path below the root. */
export async function generatedSources(catalog: Catalog): Promise<Map<string, string>> {
  const { root, all } = catalog
  const sources = {
    'operations.ts': registrySource(all),
    'functions.ts': clientTypes(catalog),
    'apis.ts': await namespaces(root),
    'served.ts': await servedSource(root, all),
    'editions.ts': editionsSource(),
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

/** The operations by their dotted names, each loaded when it is asked for: the source of `shared/generated/operations.ts`. */
export function registrySource(all: readonly Capability[]): string {
  const dispatched = all.filter(isDispatched)
  const open = dispatched.filter(
    ({ maker, operation }) => maker === 'serverFunction' && operation.reach !== 'server',
  )
  if (open.length > 0) throw new Error(`${open[0]?.folder}: a server's door before an operation for clients`)
  return `import type { Operation } from '../operation/index.js'

/** Made from the folders of \`functions/\` by \`npm run generate\`; do not edit. */
export const operations: Readonly<Record<string, () => Promise<Operation>>> = {
${dispatched.map(entry).sort().join('\n')}
}
`
}

function entry({ operation, module, exported }: Capability): string {
  const path = `../${module.replace('shared/', '')}.js`
  return `'${operation.name}': async () => (await import('${path}')).${exported},`
}

/** What one's own server serves, by function name, with its door and its schedule: the source of `shared/generated/served.ts`. */
async function servedSource(root: string, all: readonly Capability[]): Promise<string> {
  // What dispatches to all others stands above what is generated of them.
  const below = all.filter(({ module }) => !module.startsWith('shared/openapi/'))
  const entries = await Promise.all(below.map((capability) => servedEntry(root, capability)))
  return `/** Made from the folders of \`functions/\` by \`npm run generate\`; do not edit. */
export const served = {
${entries.join('\n')}
} as const
`
}

async function servedEntry(root: string, { folder, module, exported, maker }: Capability): Promise<string> {
  const file = pathToFileURL(join(root, 'functions', folder, 'index.ts')).href
  const { every, at, timeout } = ((await import(file)) as { config: FunctionConfig }).config
  const more = JSON.stringify({
    door: maker === 'cloudFunction' ? 'client' : maker.replace('Function', ''),
    timeout,
    every,
    at,
  }).slice(1, -1)
  const path = `../${module.replace('shared/', '')}.js`
  return `${folder}: { ${more}, load: async () => (await import('${path}')).${exported} },`
}

/** What functions have to know of uniCloud's editions: the source of `shared/generated/editions.ts`. */
function editionsSource(): string {
  const sooner = EDITIONS.map((name) => [name, editions[name].timeoutClient.value] as const).filter(
    ([, seconds]) => seconds < clientPatience.value,
  )
  const idLike = EDITIONS.filter((name) => editions[name].idLikeTexts.value !== 'kept')
  return `/** Made from \`tools/clouds/\`, which has sources and dates, by \`npm run generate\`; do not edit. */

/** Seconds that the client library waits for an answer. */
export const CLIENT_SECONDS = ${clientPatience.value}

/** Editions of uniCloud that cut a client off sooner, and after how many seconds. */
export const SOONER_CUT_OFF: ReadonlyMap<string, number> = new Map(${JSON.stringify(sooner)})

/** Editions whose database takes a text of 24 hexadecimal or decimal digits for an id of its own, and may change it. */
export const IDS_OF_TEXTS: ReadonlySet<string> = new Set(${JSON.stringify(idLike)})
`
}
