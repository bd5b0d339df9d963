import { ApiError } from '../cloud/api.js'
import type { Backend } from '../cloud/resource.js'
import { reasonOf } from '../failure.js'
import { AT_ONCE, inParallel, type Phase, type Plan, type Step } from './steps.js'
import { take } from './take.js'
import { type Done, undo } from './undo.js'

/** Is called as things happen. */
export interface Observer {
  begun(step: Step): void
  done(step: Step): void
  /** A failure is about to be made good, `count` steps. */
  undoing(count: number): void
}

/** Why a deployment did not come to its end, and in what state that left the cloud. */
export class StepFailure extends Error {
  constructor(
    readonly step: Step,
    readonly reason: unknown,
    /** Undone steps that could not be taken back, with the reason. */
    readonly left: readonly { step: Step; reason: unknown }[],
    readonly undone: number,
  ) {
    super(reasonOf(reason), { cause: reason })
  }
}

/**
 * Does what the plan says. After a failure no further step is begun, and those that were done are taken back in
 * reverse. Removals are not taken back, nor does a failure among them take anything else back. Throws
 * {@link StepFailure}.
 */
export async function apply({ phases, removals }: Plan, backend: Backend, observer: Observer): Promise<void> {
  const journal: Done[] = []
  for (const phase of phases) {
    const failed = await run(phase, backend, observer, journal)
    if (failed) throw await afterFailure(failed, journal, backend, observer)
  }
  for (const phase of removals) {
    const failed = await run(phase, backend, observer, [])
    if (failed) throw await afterFailure(failed, [], backend, observer)
  }
}

interface Failed {
  step: Step
  reason: unknown
}

async function run(
  phase: Phase,
  backend: Backend,
  observer: Observer,
  journal: Done[],
): Promise<Failed | undefined> {
  let failed: Failed | undefined
  await inParallel(phase, AT_ONCE, async (steps) => {
    for (const step of steps) {
      if (failed) return
      observer.begun(step)
      try {
        await take(step, backend, journal)
        observer.done(step)
      } catch (reason) {
        failed ??= { step, reason }
      }
    }
  })
  return failed
}

async function afterFailure(
  { step, reason }: Failed,
  journal: readonly Done[],
  backend: Backend,
  observer: Observer,
): Promise<StepFailure> {
  if (journal.length > 0) observer.undoing(journal.length)
  const left: Failed[] = []
  for (const done of [...journal].reverse()) {
    const cut = left.find(({ reason }) => reason instanceof ApiError && reason.status === undefined)
    try {
      // Where nothing answers any more, the patience for one is enough for all.
      if (cut) throw cut.reason
      await undo(backend, done)
    } catch (cause) {
      left.push({ step: done.step, reason: cause })
    }
  }
  return new StepFailure(step, reason, left, journal.length - left.length)
}
