import { type Capability, capabilities } from './capabilities.js'
import { Printer } from './print.js'
import { type Entries, entriesOf } from './types.js'

/** All that follows from the folders of `functions/` and the declarations behind them. */
export interface Catalog {
  root: string
  all: readonly Capability[]
  entries: Entries
}

/** Reads it. The types take the compiler seconds. */
export async function readCatalog(root: string): Promise<Catalog> {
  const all = await capabilities(root)
  const entries = entriesOf(root, all)
  // The compiler lists properties in the order in which it met them: all are met here, so that the order is always one.
  const printer = new Printer(entries.checker)
  for (const { data, result } of all.map(entries.of)) [data, result].map((type) => printer.text(type))
  return { root, all, entries }
}
