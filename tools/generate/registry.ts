import { type Capability, isDispatched } from '../catalog/capabilities.js'

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
