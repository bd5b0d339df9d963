import type * as v from 'valibot'
import type { HttpAnswer } from '../../http/http.js'
import { snakeCase, wireName } from '../../operation/fields.js'
import { readAnswer, untouched } from '../../weixin/answer.js'
import { camelCase } from '../../weixin/json.js'

/** Renaming between the providers' names, which vk's users write and read, and ours. */

type Described = v.GenericSchema & {
  wrapped?: v.GenericSchema
  item?: v.GenericSchema
  entries?: Record<string, v.GenericSchema>
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array)

/**
 * Parameters under our names. The schema leads, so that a user's own data keeps its keys; a field may be called by its
 * name on the wire or by ours.
 */
export function toInputNames(schema: v.GenericSchema, given: unknown): unknown {
  const { wrapped, item, entries } = schema as Described
  if (wrapped) return toInputNames(wrapped, given)
  if (item && Array.isArray(given)) return given.map((each) => toInputNames(item, each))
  if (!entries || !isPlain(given)) return given
  const names = new Map(
    Object.entries(entries).map(([key, field]) => [wireName(field, key) ?? snakeCase(key), key]),
  )
  const renamed = Object.entries(given).map(([name, value]) => {
    const key = names.get(name) ?? name
    const field = Object.hasOwn(entries, key) ? entries[key] : undefined
    return [key, field ? toInputNames(field, value) : value]
  })
  return Object.fromEntries(renamed) as unknown
}

/** A result whose fields WeChat did not name, in snake_case. */
export function snakeCaseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCaseKeys)
  if (!isPlain(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [snakeCase(key), snakeCaseKeys(inner)]),
  )
}

/** WeChat's code and text, and the fields it answered under the names it gave them, with the values we read in them. */
export async function answerUnderWireNames(
  answer: HttpAnswer,
  result: unknown,
): Promise<Record<string, unknown>> {
  const { status, value } = await readAnswer(answer, untouched)
  const fields = namedAs(value, result) as Record<string, unknown>
  return { code: status.errcode ?? 0, msg: status.errmsg || 'ok', ...fields }
}

/** Message ids are texts in ours and numbers on the wire, for example: names from there, values from here. */
function namedAs(wire: unknown, ours: unknown): unknown {
  if (Array.isArray(wire) && Array.isArray(ours)) return wire.map((each, i) => namedAs(each, ours[i]))
  if (!isPlain(wire) || !isPlain(ours)) return ours ?? wire
  return Object.fromEntries(
    Object.entries(wire).map(([name, value]) => [name, namedAs(value, ours[camelCase(name)] ?? ours[name])]),
  )
}
