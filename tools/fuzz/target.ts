import { OpenapiError } from '../../shared/errors/index.js'
import { XmlError } from '../../shared/xml/flatXml.js'
import type { Dice } from '../soak/dice.js'

/** What came of an input: read, refused without an error, or something that must not be. */
export type Outcome = undefined | 'refused' | { wrong: string }

/** Something that reads what anybody may have sent. */
export interface Target {
  name: string
  /** How often it has its turn beside the others. */
  weight: number
  /** What is valid, and is changed. */
  samples: readonly Buffer[]
  /**
   * Reads an input that was made of the sample `n`, and looks at what came of it; what it throws is judged by
   * {@link isRefusal}.
   */
  read(input: Buffer, n: number, dice: Dice): Promise<Outcome> | Outcome
}

/** How readers here say no. Anything else that is thrown, a TypeError say, was not meant. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof OpenapiError ||
  error instanceof XmlError ||
  error instanceof SyntaxError ||
  (error instanceof Error && error.message.startsWith('not opened: '))
