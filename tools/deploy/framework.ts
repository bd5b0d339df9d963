import type { FunctionEntry, ProviderConfig } from './config/types.js'

/** As much of Serverless Framework 3.40 as is used here; it ships no types. */
export interface Serverless {
  serviceDir: string
  service: {
    service: string
    provider: ProviderConfig
    /** Checked against our schema before any of our hooks runs. */
    functions: Record<string, FunctionEntry & { package?: { artifact: string } | { disable: true } }>
  }
  configSchemaHandler: {
    defineProvider(name: string, schema: object): void
  }
  /** The command line: `['deploy', 'function']`. */
  processedInput: { commands: readonly string[] }
  setProvider(name: string, provider: object): void
}

/** Given to plugins that serverless.yml names. */
export interface Writers {
  log: Record<'notice' | 'warning' | 'info', (text: string) => void>
  progress: { get(name: string): { update(text: string): void; remove(): void } }
  /** Standard output: results, and nothing else. */
  writeText(text: string): void
}

/** Options of the command line, by name. */
export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

export const textOption = (options: Options, name: string): string | undefined => {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}
