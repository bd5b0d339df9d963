import type { Capability } from './operations.js'

/** Whom the `openapi` function may pass calls on to: what has the doors of clients and servers. */
export const isDispatched = ({ operation, maker }: Capability): boolean =>
  (maker === 'cloudFunction' || maker === 'serverFunction') && operation.name !== 'openapi'

/** The operations by their dotted names, each loaded when it is asked for: the source of `shared/openapi/operations.ts`. */
export function registrySource(all: readonly Capability[]): string {
  const dispatched = all.filter(isDispatched)
  const open = dispatched.filter(
    ({ maker, operation }) => maker === 'serverFunction' && operation.reach !== 'server',
  )
  if (open.length > 0) throw new Error(`${open[0]?.folder}: a server's door before an operation for clients`)
  return `import type { Operation } from '../operation/index.js'

/** Made from the folders of \`functions/\` by \`npm run docs\`; do not edit. */
export const operations: Readonly<Record<string, () => Promise<Operation>>> = {
${dispatched.map(entry).sort().join('\n')}
}
`
}

const WIDTH = 110

function entry({ operation, module, exported }: Capability): string {
  const head = `  '${operation.name}': async () =>`
  const key = operation.name.includes('.') ? head : head.replaceAll("'", '')
  const value = `(await import('../${module.replace('shared/', '')}.js')).${exported},`
  return `${key} ${value}`.length > WIDTH ? `${key}\n    ${value}` : `${key} ${value}`
}
