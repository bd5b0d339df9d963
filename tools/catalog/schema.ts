import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type JsonSchema, toJsonSchema } from '@valibot/to-json-schema'
import type { Operation } from '../../shared/operation/index.js'
import { capabilities } from './capabilities.js'

/** The input of an operation as JSON schema; what a field should look like becomes its description. */
export function inputSchema({ name, title, input }: Operation): JsonSchema {
  const schema = toJsonSchema(input as Parameters<typeof toJsonSchema>[0], {
    errorMode: 'ignore',
    typeMode: 'input',
  })
  return { $schema: schema.$schema, title: name, description: title.en, ...(tidy(schema) as JsonSchema) }
}

/** Turns our own words into the standard's: it counts characters only, and knows nothing of wire names. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy)
  if (typeof value !== 'object' || value === null) return value
  const { like, unit, wire: _wire, maxLength, minLength, ...rest } = value as Record<string, unknown>
  const inner = Object.fromEntries(Object.entries(rest).map(([key, each]) => [key, tidy(each)]))
  const lengths = unit === 'bytes' ? {} : { minLength, maxLength }
  const known = Object.entries(lengths).filter(([, length]) => typeof length === 'number')
  return {
    ...(typeof like === 'string' ? { description: like } : {}),
    ...inner,
    ...Object.fromEntries(known),
  }
}

/**
 * Writes `<folder>/<function>.json`: what each function that a program calls takes. Callbacks have none, since
 * providers call them in their own language.
 */
export async function writeSchemas(root: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const { folder: name, operation } of await capabilities(root)) {
    if (operation.reach === 'callback') continue
    await writeFile(join(folder, `${name}.json`), `${JSON.stringify(inputSchema(operation), null, 2)}\n`)
  }
}
