import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { capabilities } from '../catalog/capabilities.js'
import { inputSchema } from '../catalog/schema.js'

/**
 * Writes `dist/schemas/<function>.json`: what each function that a program calls takes, as JSON schema. Callbacks have
 * none, since providers call them in their own language.
 */
export async function buildSchemas(folder = join('dist', 'schemas')): Promise<void> {
  const called = (await capabilities(process.cwd())).filter(({ operation }) => operation.reach !== 'callback')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const files = called.map(({ folder: name, operation }) =>
    writeFile(join(folder, `${name}.json`), `${JSON.stringify(inputSchema(operation), null, 2)}\n`),
  )
  await Promise.all(files)
}
