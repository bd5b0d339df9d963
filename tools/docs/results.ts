import { toJsonSchema } from '@valibot/to-json-schema'
import type { Operation } from '../../shared/operation/index.js'
import type { AnswerKind } from '../../shared/weixin/answer.js'
import { type JsonSchema, merged, type Parameter, parameters } from './schema.js'

/** What a declaration says of its answer; a name that several APIs share has one for each. */
interface Declared {
  spec?: { output: Partial<AnswerKind<unknown>> }
  variants?: readonly Operation[]
}

/** As a function answers bytes. */
const FILE: Parameter[] = [
  { name: 'contentType', type: 'string', required: true, description: '' },
  { name: 'base64', type: 'string', required: true, description: '' },
]

/** The fields of an answer beside `errCode` and `errMsg`; none where the declaration describes none. */
export function results(operation: Operation): Parameter[] {
  const { spec, variants } = operation as Operation & Declared
  if (variants) return merged(variants.map(results))
  if (!spec) return []
  const { kind, fields } = spec.output
  const described = fields ? parameters(fieldsOf(fields)) : []
  if (kind === 'image') return FILE
  return kind === 'media' ? merged([FILE, described]) : described
}

const fieldsOf = (fields: unknown): JsonSchema =>
  toJsonSchema(fields as Parameters<typeof toJsonSchema>[0], { errorMode: 'ignore', typeMode: 'output' })
