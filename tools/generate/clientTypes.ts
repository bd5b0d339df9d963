import { type Capability, isDispatched } from '../catalog/capabilities.js'
import type { Catalog } from '../catalog/index.js'
import { Printer } from '../catalog/print.js'
import type { Entry } from '../catalog/types.js'

/**
 * What a client may call and what it gets, as types that need nothing but themselves: a front end has neither our
 * sources nor their dependencies. Taken from the declarations by the compiler.
 */
export function clientTypes({ all, entries }: Catalog): string {
  const open = all.filter((each) => isDispatched(each) && each.operation.reach !== 'server')
  const printer = new Printer(entries.checker)
  const functions = open.map((each) => declaration(each, entries.of(each), printer))
  const apis = open.map(({ operation, folder }) => `'${operation.name}': '${folder}'`)
  return `/** Made from the declarations by \`npm run generate\`; do not edit. */
export interface Functions {
${functions.join('\n')}
}

/** The same by their dotted names. */
export interface Apis {
${apis.join('\n')}
}

/** Proof of a login: what authCode2Session answered, or a fresh code from \`uni.login\`. */
export type Login = { sessionToken: string } | { code: string }
`
}

function declaration({ operation, folder }: Capability, { data, result }: Entry, printer: Printer): string {
  const { title, session, ownOpenid, serversOwn = [], input } = operation
  const omit = new Set(ownOpenid === undefined ? serversOwn : [ownOpenid, ...serversOwn])
  const proof = session === 'none' ? '' : session === 'optional' ? ' & Partial<LOGIN>' : ' & LOGIN'
  // Where `code` is the operation's own, it is no login.
  const ownsCode = 'entries' in input && 'code' in (input.entries as object)
  const login = ownsCode ? '{ sessionToken: string }' : 'Login'
  return `/**
 * ${title.en}.
 * ${title.zh}。
 */
${folder}: { data: ${wrapped(printer.text(data, omit))}${proof.replace('LOGIN', login)}; result: ${printer.text(result)} }`
}

const wrapped = (text: string): string => (text.includes('|') ? `(${text})` : text)
