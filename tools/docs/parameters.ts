import type { JsonSchema } from '@valibot/to-json-schema'

export interface Parameter {
  name: string
  type: string
  required: boolean
  description: string
}

/** The fields of a schema as rows, nested ones with their path; alternatives side by side. */
export function parameters(schema: JsonSchema, prefix = ''): Parameter[] {
  if (schema.anyOf) return merged(schema.anyOf.map((each) => parameters(each as JsonSchema, prefix)))
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties ?? {}).flatMap(([name, given]) => {
    const field = given as JsonSchema
    const path = `${prefix}${name}`
    const row = {
      name: path,
      type: typeOf(field),
      required: required.has(name),
      description: describe(field),
    }
    return [row, ...nested(field, path)]
  })
}

function nested(field: JsonSchema, path: string): Parameter[] {
  if (field.type === 'object') return parameters(field, `${path}.`)
  const items = field.items as JsonSchema | undefined
  return items?.type === 'object' ? parameters(items, `${path}[].`) : []
}

/** A field that several alternatives share is one row; it is required where all of them require it. */
export function merged(alternatives: readonly Parameter[][]): Parameter[] {
  const names = new Set(alternatives.flatMap((rows) => rows.map(({ name }) => name)))
  return [...names].flatMap((name) => {
    const rows = alternatives.flatMap((rows) => rows.filter((row) => row.name === name))
    const descriptions = new Set(rows.map(({ description }) => description).filter(Boolean))
    const required = rows.length === alternatives.length && rows.every((row) => row.required)
    const type = [...new Set(rows.flatMap((row) => row.type.split(' / ')))].join(' / ')
    return rows
      .slice(0, 1)
      .map((row) => ({ ...row, type, required, description: [...descriptions].join('; ') }))
  })
}

const typeOf = (field: JsonSchema): string => {
  if (field.anyOf) return [...new Set(field.anyOf.map((each) => typeOf(each as JsonSchema)))].join(' / ')
  return String(field.type ?? typeof field.const)
}

const describe = (field: JsonSchema): string => {
  const { description, enum: options, const: only, anyOf } = field
  if (description) return description
  if (options) return options.map((each) => `\`${String(each)}\``).join(', ')
  if (only !== undefined) return `\`${String(only)}\``
  return anyOf
    ? [...new Set(anyOf.map((each) => describe(each as JsonSchema)))].filter(Boolean).join('; ')
    : ''
}
