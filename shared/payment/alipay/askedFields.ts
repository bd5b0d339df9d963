import type { AskedOfOrder, AskedOfRefund } from '../facts.js'
import { camelCase } from '../parameters/spelling.js'
import { amount, fieldsIn } from './facts.js'

/** Fields that come along with another one that was asked for. */
const companions: Readonly<Record<string, readonly string[]>> = {
  refund_detail_item_list: ['send_back_fee'],
  deposit_back_info: ['deposit_back_info_list'],
}

/**
 * What `query_options` asked for, where the answer has it: in camelCase, as uni-pay gives it, yuan made fen. Undefined
 * where nothing was asked for.
 */
export function askedFields(
  fields: Readonly<Record<string, unknown>>,
  options: readonly string[] | undefined,
): (AskedOfOrder & AskedOfRefund) | undefined {
  const names = options?.flatMap((name) => [name, ...(companions[name] ?? [])])
  const there = names?.filter((name) => Object.hasOwn(fields, name))
  return there && inOurTerms(Object.fromEntries(there.map((name) => [name, fields[name]])))
}

function inOurTerms(fields: Readonly<Record<string, unknown>>): object {
  const field = fieldsIn(fields)
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      camelCase(name),
      /(?:^|_)(?:amount|fee)$/.test(name) ? amount(field, name) : nested(value),
    ]),
  )
}

function nested(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nested)
  return typeof value === 'object' && value !== null ? inOurTerms({ ...value }) : value
}
