import * as v from 'valibot'
import { operations } from '../../../../shared/generated/operations.js'
import { wireName } from '../../../../shared/operation/fields.js'
import type { Context } from '../../../../shared/operation/index.js'
import { type DocumentedApi, documentedAnswer, documentedApis, isDocumented } from './documented.js'
import type { Call, Effect, Entry, Quota, WeixinContext } from './entry.js'
import { WeixinRefusal } from './rules.js'

export interface Effects {
  readonly [path: string]: { answer: Effect; quotas?: readonly Quota[] }
}

/** The APIs that the functions declare and no table here has: checked by their declaration, answered by its example. */
export const declaredEntries = (tabled: ReadonlySet<string>, effects: Effects): Entry[] =>
  documentedApis()
    .filter(({ path }) => !tabled.has(path))
    .map((api) => declaredEntry(api, effects[api.path]))

/** What most APIs may be called a day. */
const USUAL_QUOTAS: readonly Quota[] = [{ per: 'day', limit: 1_000_000, otherwise: 45009 }]

function declaredEntry(api: DocumentedApi, effect: Effects[string] | undefined): Entry {
  const { name, method, path } = api
  return {
    ...{ name, method, path, token: true },
    quotas: effect?.quotas ?? USUAL_QUOTAS,
    async answer(call, context) {
      if (!call.isForm) await checkByDeclaration(api, call, context)
      for (const openid of openidsOf(call)) {
        if (!context.weixinUsers.find(openid)) throw new WeixinRefusal(40003)
      }
      const own = effect?.answer(call, context, isDocumented(api, call))
      const answer = own ?? documentedAnswer(api, call)
      if (answer) return answer
      throw new WeixinRefusal(404, `: no example shows what ${path} answers`)
    },
  }
}

function openidsOf({ query, body }: Call): string[] {
  const payer = Object.entries({ ...(body.payer as object | undefined) }).find(([name]) => name === 'openid')
  return [query.openid, body.openid, body.touser, payer?.[1]].filter(
    (id): id is string => typeof id === 'string',
  )
}

interface Declared {
  get?: string
  post?: string
  input: v.GenericSchema
  query?: readonly string[]
  check?(input: unknown, context: Context): void
}

/** The declarations behind a path: one operation may stand for several. None for what is passed on as it is given. */
async function declarationsOf({ name, path }: DocumentedApi): Promise<Declared[]> {
  const operation = (await operations[name]?.()) as
    | { spec?: Declared; variants?: { spec?: Declared }[] }
    | undefined
  const all = [operation, ...(operation?.variants ?? [])].flatMap((each) => each?.spec ?? [])
  return all.filter(({ get, post }) => get === path || post === path)
}

/** Throws what WeChat says to a request with a field that is missing or wrong. */
async function checkByDeclaration(api: DocumentedApi, call: Call, { clock }: WeixinContext): Promise<void> {
  const declarations = await declarationsOf(api)
  const problems = declarations.map((declared) => problemWith(declared, call, { clock } as Context))
  const [first] = problems
  if (first !== undefined && problems.every((problem) => problem !== undefined)) {
    throw new WeixinRefusal(47001, ` hint: [${first}]`)
  }
}

function problemWith(declared: Declared, { query, body }: Call, context: Context): string | undefined {
  const read = (sent: object) => v.safeParse(declared.input, fromWire(declared.input, sent))
  const asText = read({ ...body, ...query })
  const result = asText.success ? asText : read({ ...body, ...numbersIn(query) })
  if (!result.success) {
    const [issue] = result.issues
    return `${v.getDotPath(issue) ?? 'request'}: ${issue.message}`
  }
  try {
    declared.check?.(result.output, context)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** What stands in a query is text, whatever the declaration calls for. */
const numbersIn = (query: Call['query']): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, /^\d{1,15}$/.test(value) ? Number(value) : value]),
  )

/** Of a valibot schema, as much as is looked at. */
interface Described {
  wrapped?: v.GenericSchema
  item?: v.GenericSchema
  entries?: Readonly<Record<string, v.GenericSchema>>
}

/** The input that would have been sent as this. What the declaration does not name is ignored, as WeChat does. */
function fromWire(schema: v.GenericSchema, value: unknown): unknown {
  const { wrapped, item, entries } = schema as Described
  if (wrapped) return fromWire(wrapped, value)
  if (item && Array.isArray(value)) return value.map((each) => fromWire(item, each))
  if (!entries || typeof value !== 'object' || value === null) return value
  const given = value as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, field]) => {
      const name = wireName(field, key)
      return name === undefined || given[name] === undefined ? [] : [[key, fromWire(field, given[name])]]
    }),
  )
}
