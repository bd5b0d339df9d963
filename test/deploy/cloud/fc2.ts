import { type Domains, domainCall } from './domains.js'
import * as kept from './functions.js'
import { missing, Refusal, taken } from './refusal.js'
import type { Fields } from './rules.js'

/** Function Compute 2.0 (API 2016-08-15). */
export interface Account2 {
  services: Map<string, { fields: Fields; functions: kept.Functions }>
  domains: Domains
}

const VERSION: kept.Version = {
  triggerConfigIsText: false,
  httpStandsAlone: true,
  check: () => undefined,
  limit: 50,
}

export interface Call {
  method: string
  /** Segments behind the version. */
  parts: readonly string[]
  query: URLSearchParams
  body: Fields
}

export async function call2(account: Account2, call: Call): Promise<Fields | undefined> {
  const [root, service, , name, , trigger] = call.parts
  if (root === 'custom-domains') {
    const has = ({ serviceName, functionName }: Fields) =>
      account.services.get(String(serviceName))?.functions.has(String(functionName)) === true
    return domainCall(account.domains, call.method, service, call.body, has)
  }
  if (call.parts.length <= 2) return serviceCall(account, call, service)
  const place = account.services.get(service ?? '')
  if (!place) throw missing('Service', service ?? '')
  if (call.parts.length <= 4) return functionCall(place.functions, VERSION, call, name)
  return triggerCall(functionOf(place.functions, name), VERSION, call, trigger)
}

function serviceCall(
  { services }: Account2,
  { method, query, body }: Call,
  name?: string,
): Fields | undefined {
  if (name === undefined) {
    const all = [...services].map(([key, { fields }]): [string, Fields] => [key, fields])
    if (method === 'GET') return kept.page('services', all, query)
    const made = String(body.serviceName)
    if (services.has(made)) throw taken('Service', made)
    services.set(made, { fields: body, functions: new Map() })
    return body
  }
  const place = services.get(name)
  if (!place) throw missing('Service', name)
  if (method === 'PUT') place.fields = { ...place.fields, ...body }
  if (method !== 'DELETE') return { ...place.fields, createdTime: '2026-01-01T00:00:00Z' }
  if (place.functions.size > 0) throw new Refusal(412, 'ServiceNotEmpty', `service '${name}' has functions`)
  services.delete(name)
  return undefined
}

export const functionOf = (functions: kept.Functions, name = ''): kept.StoredFunction => {
  const found = functions.get(name)
  if (!found) throw missing('Function', name)
  return found
}

/** The same below a service of 2.0 and at the root of 3.0. */
export async function functionCall(
  functions: kept.Functions,
  version: kept.Version,
  { method, query, body }: Call,
  name: string | undefined,
): Promise<Fields | undefined> {
  if (name === undefined) {
    const all = [...functions].map(([key, each]): [string, Fields] => [key, kept.shownFunction(each)])
    return method === 'GET'
      ? kept.page('functions', all, query)
      : kept.createFunction(functions, version, body)
  }
  if (method === 'DELETE') {
    kept.deleteFunction(functions, name)
    return undefined
  }
  const found = functionOf(functions, name)
  return method === 'PUT' ? kept.updateFunction(found, version, body) : kept.shownFunction(found)
}

export function triggerCall(
  owner: kept.StoredFunction,
  version: kept.Version,
  { method, query, body }: Call,
  name: string | undefined,
): Fields | undefined {
  if (name === undefined) {
    const all = [...owner.triggers].map(([key, each]): [string, Fields] => [
      key,
      kept.shownTrigger(version, each),
    ])
    return method === 'GET' ? kept.page('triggers', all, query) : kept.createTrigger(owner, version, body)
  }
  if (method === 'PUT') return kept.updateTrigger(owner, version, name, body)
  if (!owner.triggers.delete(name)) throw missing('Trigger', name)
  return undefined
}
