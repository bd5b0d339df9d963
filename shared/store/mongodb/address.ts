import type { MongoClient } from 'mongodb'
import { invalidSetting } from '../../config/index.js'
import type { OpenapiError } from '../../errors/index.js'

/**
 * The driver looks for the end of a password at the first `@` and takes what follows for a host, so that a password
 * with an `@` in it would stand half in the log and half in the name server's. An address of which that could be is
 * refused before the driver sees it, and its own complaints are repeated without what they quote.
 */

const ENCODED = '@ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25, [ as %5B, ] as %5D'

const NOT_ENCODED = `its user name, password or options have a character that must be percent-encoded: write ${ENCODED}`

const refused = (problem: string): OpenapiError => invalidSetting('MONGODB_URI', problem)

/** Throws INVALID_SETTING, which says what to change and repeats nothing of `uri`, unless it is unambiguous. */
export function checkAddress(uri: string): void {
  const [, rest] = /^mongodb(?:\+srv)?:\/\/(.*)$/s.exec(uri) ?? []
  if (rest === undefined) throw refused('it cannot be read as a MongoDB address')
  const [, before = '', path = '', query = ''] = /^([^/?#]*)([^?#]*)(.*)$/s.exec(rest) ?? []
  const [hosts = '', user, ...more] = before.split('@').reverse()
  // The end of a password may stand in what looks like the options, so they are held to the same.
  const isAmbiguous = more.length > 0 || /[@#]/.test(path + query)
  if (isAmbiguous || !isEncoded(user ?? '')) throw refused(NOT_ENCODED)
  if (/^<[^>]*>$/.test(passwordIn(uri) ?? '')) {
    throw refused('the place for the password still holds the words of the template')
  }
  if (!/^[^\s:]/.test(hosts)) throw refused('it names no host')
}

const isEncoded = (user: string): boolean =>
  /^(?:[^%:[\]@/?#]|%[0-9a-f]{2})*(?::(?:[^%:[\]@/?#]|%[0-9a-f]{2})*)?$/i.test(user)

const passwordIn = (uri: string): string | undefined => /^[^/]*\/\/[^:/@]*:([^@/]*)@/.exec(uri)?.[1]

/** A client for an address that {@link checkAddress} lets pass. INVALID_SETTING with the driver's words. */
export function clientAt(
  uri: string,
  Client: typeof MongoClient,
  options: ConstructorParameters<typeof MongoClient>[1],
): MongoClient {
  checkAddress(uri)
  try {
    return new Client(uri, options)
  } catch (error) {
    // No cause: the driver quotes what it was given.
    const words = error instanceof Error ? error.message : 'unknown'
    throw refused(`it cannot be read as a MongoDB address (${withoutValues(uri, words)})`)
  }
}

/** The driver's words without whatever stands in the address, but for the names of options. */
function withoutValues(uri: string, words: string): string {
  const values = uri
    .replace(/^[^/]*/, '')
    .split(/[/?&=:@,]+/)
    .filter((part) => part.length > 2)
  const names = new Set([...uri.matchAll(/[?&]([^=&]*)/g)].map(([, name]) => name))
  return values.reduce((text, value) => (names.has(value) ? text : text.replaceAll(value, '...')), words)
}
