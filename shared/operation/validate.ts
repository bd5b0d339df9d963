import * as v from 'valibot'
import { invalidParam, type OpenapiError } from '../errors/index.js'

/** Checks `input` and answers it with the schema's own type, or throws INVALID_PARAM that names the first field. */
export function validate<Schema extends v.GenericSchema>(
  schema: Schema,
  input: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, input, {
    abortEarly: true,
    abortPipeEarly: true,
    message: expectedShape,
  })
  if (result.success) return result.output
  throw describe(schema, result.issues[0])
}

const SHAPES: ReadonlyMap<string | null, string> = new Map([
  ['Object', 'an object'],
  ['Array', 'a list'],
])

/** For schemas without a message of their own. valibot's would repeat what was given, which belongs into no log. */
const expectedShape = ({ expected }: v.BaseIssue<unknown>): string =>
  `expected ${SHAPES.get(expected) ?? 'another kind of value'}`

/** No parameter here has a longer name; a caller's own could make an answer or a log line as long as it likes. */
const MAX_PATH = 100

function describe(schema: v.GenericSchema, issue: v.BaseIssue<unknown>): OpenapiError {
  const keys = (issue.path ?? []).map((item) => String(item.key))
  const path = shortened(keys.join('.'))
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const known = Object.keys(entriesOf(schemaAt(schema, keys.slice(0, -1))) ?? {})
    return invalidParam(path, `unknown parameter${known.length ? `; known here: ${known.join(', ')}` : ''}`)
  }
  if (path === '') return invalidParam('input', 'expected an object of named parameters')
  if (issue.input === undefined) return invalidParam(path, `required, ${expectation(schemaAt(schema, keys))}`)
  return invalidParam(path, issue.message)
}

const shortened = (path: string): string => (path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}…` : path)

type Described = v.GenericSchema & { message?: unknown; wrapped?: v.GenericSchema; item?: v.GenericSchema }

function entriesOf(schema: v.GenericSchema | undefined): Record<string, v.GenericSchema> | undefined {
  return schema && 'entries' in schema ? (schema.entries as Record<string, v.GenericSchema>) : undefined
}

/** The schema a path leads to, through optional wrappers and array items. */
function schemaAt(schema: v.GenericSchema | undefined, keys: readonly string[]): v.GenericSchema | undefined {
  let at = schema as Described | undefined
  for (const key of keys) {
    while (at?.wrapped) at = at.wrapped
    at = at?.item ?? entriesOf(at)?.[key]
  }
  while (at?.wrapped) at = at.wrapped
  return at
}

function expectation(schema: v.GenericSchema | undefined): string {
  const message = (schema as Described | undefined)?.message
  return typeof message === 'string' ? message : 'see the documentation for its shape'
}
