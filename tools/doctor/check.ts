import type { Bilingual } from '../../shared/operation/index.js'
import type { Finding, Remarks, Say } from './finding.js'
import type { World } from './world.js'

/**
 * One thing that is looked at. It answers what it found, and nothing where it does not apply. What it throws the
 * runner turns into a remark of its own, see `common.ts`.
 */
export interface Check<Code extends string = string> {
  /** Dotted, and stable: scripts go by it. */
  readonly id: string
  readonly title: Bilingual
  /** Leaves this machine. */
  readonly network?: true
  readonly remarks: Remarks<Code>
  run(world: World, say: Say<Code>): readonly Finding[] | Promise<readonly Finding[]>
}

/** Has the codes that a check uses compared with those it declares. */
export const check = <const Code extends string>(definition: Check<Code>): Check => definition
