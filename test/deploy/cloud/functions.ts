import { crc64 } from '../../../tools/deploy/package/crc64.js'
import { missing, Refusal, taken } from './refusal.js'
import { checkFunction, checkTrigger, codeIn, type Fields } from './rules.js'

/** One function as the stand-in keeps it. */
export interface StoredFunction {
  fields: Fields
  zip: Buffer
  triggers: Map<string, Fields>
}

/** Functions of one place: a service of 2.0, or the whole of 3.0. */
export type Functions = Map<string, StoredFunction>

const STAMP = '2026-01-01T00:00:00Z'

/** What differs between the versions. */
export interface Version {
  /** 2.0 takes and tells trigger configurations as objects, 3.0 as text. */
  triggerConfigIsText: boolean
  /** Of 2.0: with an HTTP trigger there is no other, and it has to be the first. */
  httpStandsAlone: boolean
  check(fields: Fields): void
  limit: number
}

export const shownFunction = ({ fields, zip }: StoredFunction): Fields => ({
  ...fields,
  ...{ codeChecksum: crc64(zip), codeSize: zip.length, functionId: 'id', createdTime: STAMP },
  ...(fields.logConfig
    ? { logConfig: { ...(fields.logConfig as Fields), enableRequestMetrics: false } }
    : {}),
})

export async function createFunction(functions: Functions, version: Version, body: Fields): Promise<Fields> {
  const { code, ...fields } = body
  const name = String(fields.functionName)
  if (!/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/.test(name))
    throw new Refusal(400, 'InvalidArgument', `name '${name}'`)
  if (functions.has(name)) throw taken('Function', name)
  if (functions.size >= version.limit) {
    throw new Refusal(403, 'FunctionCountExceeded', `at most ${version.limit} functions`)
  }
  await checkFunction(fields)
  version.check(fields)
  const kept: StoredFunction = { fields, zip: await codeIn(code), triggers: new Map() }
  functions.set(name, kept)
  return shownFunction(kept)
}

/** Only what the request names changes. */
export async function updateFunction(kept: StoredFunction, version: Version, body: Fields): Promise<Fields> {
  const { code, ...changed } = body
  const fields = { ...kept.fields, ...changed }
  await checkFunction(fields)
  version.check(fields)
  const zip = code === undefined ? kept.zip : await codeIn(code)
  Object.assign(kept, { fields, zip })
  return shownFunction(kept)
}

export function deleteFunction(functions: Functions, name: string): void {
  const kept = functions.get(name)
  if (!kept) throw missing('Function', name)
  if (kept.triggers.size > 0) throw new Refusal(412, 'TriggersExist', `function '${name}' has triggers`)
  functions.delete(name)
}

export function createTrigger(kept: StoredFunction, version: Version, body: Fields): Fields {
  const name = String(body.triggerName)
  if (kept.triggers.has(name)) throw taken('Trigger', name)
  const types = [...kept.triggers.values()].map(({ triggerType }) => triggerType)
  const clashes = types.includes('http') || (types.length > 0 && body.triggerType === 'http')
  if (version.httpStandsAlone && clashes) {
    throw new Refusal(400, 'InvalidArgument', 'an HTTP function takes no other trigger')
  }
  checkTrigger(body.triggerType, configIn(version, body.triggerConfig))
  kept.triggers.set(name, body)
  return shownTrigger(version, body)
}

export function updateTrigger(kept: StoredFunction, version: Version, name: string, body: Fields): Fields {
  const before = kept.triggers.get(name)
  if (!before) throw missing('Trigger', name)
  const after = { ...before, ...body }
  checkTrigger(after.triggerType, configIn(version, after.triggerConfig))
  kept.triggers.set(name, after)
  return shownTrigger(version, after)
}

export function shownTrigger(version: Version, trigger: Fields): Fields {
  const config = { ...configIn(version, trigger.triggerConfig), disableURLInternet: false }
  const http = { urlInternet: 'https://openapi-stand-in.cn-hangzhou.fcapp.run' }
  return {
    ...trigger,
    triggerConfig: version.triggerConfigIsText ? JSON.stringify(config) : config,
    createdTime: STAMP,
    ...(version.triggerConfigIsText && trigger.triggerType === 'http' ? { httpTrigger: http } : {}),
  }
}

function configIn({ triggerConfigIsText }: Version, config: unknown): Fields {
  if (triggerConfigIsText !== (typeof config === 'string')) {
    throw new Refusal(400, 'InvalidArgument', 'triggerConfig has the wrong form')
  }
  return (typeof config === 'string' ? JSON.parse(config) : config) as Fields
}

/** One page, small on purpose, so that listings have several. */
export function page(key: string, items: readonly [string, Fields][], query: URLSearchParams): Fields {
  const prefix = query.get('prefix') ?? ''
  const after = query.get('nextToken') ?? ''
  const rest = items
    .filter(([name]) => name.startsWith(prefix) && name > after)
    .sort(([one], [other]) => (one < other ? -1 : 1))
  const shown = rest.slice(0, Math.min(3, Number(query.get('limit') ?? 20)))
  const last = rest.length > shown.length ? shown.at(-1)?.[0] : undefined
  return { [key]: shown.map(([, item]) => item), ...(last === undefined ? {} : { nextToken: last }) }
}
