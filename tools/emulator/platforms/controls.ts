import type { Answer, Control, Received } from './contract.js'
import type { Outcome } from './server.js'

export type Controls = Readonly<Record<string, Control>>

/** The controls under `/twin`: `GET /twin/state`, `POST /twin/pay` with a JSON object, and so on. */
export async function handleControl(controls: Controls, request: Received): Promise<Outcome> {
  if (isOfPage(request)) return { answer: json(403, { error: 'controls are for programs, not for pages' }) }
  const control = controls[`${request.method} ${request.path}`]
  if (!control) return { answer: json(404, { error: 'no such control', controls: Object.keys(controls) }) }
  try {
    return { answer: json(200, (await control(inputOf(request))) ?? { ok: true }) }
  } catch (error) {
    return { answer: json(400, { error: error instanceof Error ? error.message : String(error) }) }
  }
}

/**
 * Whether a page of another origin makes its browser ask: such a request carries `Origin` or tells of its site, and
 * needs to read no answer to do harm. An address that somebody typed is nobody's page.
 */
const isOfPage = ({ headers: { origin, 'sec-fetch-site': site = 'none' } }: Received): boolean =>
  origin !== undefined || !/^(none|same-origin)$/.test(site)

export const isControl = ({ path }: Received): boolean => path === '/twin' || path.startsWith('/twin/')

function inputOf({ body, query }: Received): Record<string, unknown> {
  if (body.length === 0) return { ...query }
  const value: unknown = JSON.parse(body.toString('utf8'))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new Error('expected a JSON object')
}

const json = (status: number, value: unknown): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value, null, 2),
})

export function textOf(input: Readonly<Record<string, unknown>>, name: string): string {
  const value = input[name]
  if (typeof value === 'string' && value !== '') return value
  throw new Error(`${name}: expected a text`)
}

export function optionalText(input: Readonly<Record<string, unknown>>, name: string): string | undefined {
  return input[name] === undefined ? undefined : textOf(input, name)
}

export function optionalList(
  input: Readonly<Record<string, unknown>>,
  name: string,
): readonly unknown[] | undefined {
  const value = input[name]
  if (value === undefined || Array.isArray(value)) return value
  throw new Error(`${name}: expected a list`)
}

export function optionalCount(input: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = input[name]
  if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0))
    return value
  throw new Error(`${name}: expected a whole number`)
}
