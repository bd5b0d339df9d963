import { bytesOf, type EditionName, editions } from '../../clouds/index.js'

/** What the build has to know of a space, of the edition's contracts. */
export interface Space {
  edition: EditionName
  functions: number
  /** Characters of a function's name, where that has a limit. */
  nameLength: number
  functionBytes: number
  /** MB, the only ones there are. */
  memorySizes: readonly number[]
  /** Seconds: of functions, and of those with a timer. */
  timeout: number
  timerTimeout: number
  /** Whether a run that exceeds its limit is started again. */
  repeatsTimers: boolean
  runtime: string
}

/** Chosen when a function is first uploaded; another one means deleting it there. All editions have it. */
const RUNTIME = 'Nodejs18'

export function spaceOf(edition: EditionName): Space {
  const contracts = editions[edition]
  return {
    edition,
    functions: contracts.functions.value,
    nameLength: contracts.nameLength?.value ?? Number.POSITIVE_INFINITY,
    functionBytes: bytesOf(contracts.packageSize),
    memorySizes: contracts.memorySizes.value,
    timeout: contracts.timeout.value,
    timerTimeout: contracts.timeoutTimer.value,
    repeatsTimers: contracts.timerRetries !== undefined,
    runtime: RUNTIME,
  }
}

/** What was asked for cannot be built. The message is for whoever runs the build, who needs no stack. */
export class Refusal extends Error {
  override name = 'Refusal'
}
