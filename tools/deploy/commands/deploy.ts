import { stoppedFailure } from '../advice.js'
import { functionNamed } from '../config/project.js'
import { DeployFailure, reasonOf } from '../failure.js'
import { packAll } from '../package/packages.js'
import { apply, StepFailure } from '../plan/apply.js'
import { planOf, type Wanted } from '../plan/plan.js'
import { type Plan, stepsIn } from '../plan/steps.js'
import { beginning, finished, planText } from '../plan/text.js'
import type { Session } from '../session.js'
import { describe } from './info.js'

/** `deploy`: everything that serverless.yml asks for, and nothing besides. */
export async function deployCommand(session: Session): Promise<void> {
  const { project, units, options } = session
  await carryOut(session, {
    project,
    units,
    packages: await session.packages(),
    force: options.force === true,
    prune: options.prune === true,
  })
}

/** `deploy function -f NAME`: one function with its triggers. */
export async function deployFunctionCommand(session: Session): Promise<void> {
  const { project, given, options } = session
  const named = functionNamed(project, options)
  await carryOut(session, {
    project,
    units: session.units.filter(({ key }) => key === named[0]),
    packages: await packAll(project, given, [named]),
    isSingle: true,
    force: options.force === true,
    configOnly: options['update-config'] === true,
  })
}

async function carryOut(session: Session, wanted: Wanted): Promise<void> {
  const { given, say } = session
  if (given.origins.length > 0) say(`Settings: ${given.origins.join(', ')}`)
  session.progress('Comparing with what is there')
  await refuseDouble(session)
  const backend = session.backend()
  const plan = await planOf(wanted, backend)
  say(planText(plan, session.project, backend))
  if (session.options['dry-run'] === true) return say('Nothing was changed (--dry-run).')
  await follow(session, plan)
  if (!wanted.isSingle) session.answer(await describe(session))
}

/**
 * The same stage on both versions would run every timer twice, and providers would still call the old addresses. Only
 * who names version 3.0 may have both for a while, and is told.
 */
async function refuseDouble({ former, project, say }: Session): Promise<void> {
  const backend = former()
  if (backend === undefined) return
  const there = await backend.deployed().catch((error: unknown) => reasonOf(error))
  if (typeof there === 'string') {
    return say(`Whether ${backend.title} holds this stage as well cannot be seen: ${there}`)
  }
  const count = there.filter(({ kind }) => kind === 'function').length
  if (count === 0) return
  const found = `${backend.title} holds ${count} functions of stage ${project.stage}`
  if (project.provider.fc === undefined) {
    throw new DeployFailure(
      'STILL_ON_2',
      `${found}. To stay there, write provider.fc: 2 into serverless.yml. To move, write provider.fc: 3, deploy, point ` +
        `NOTIFY_BASE_URL and clients at the new addresses, then remove the old ones with provider.fc: 2 and serverless remove.`,
    )
  }
  say(`Warning: ${found} as well, whose timers run beside these. Remove them once nothing calls them.`)
}

/** Carries out a plan and prints each step. */
export async function follow(session: Session, plan: Plan): Promise<void> {
  const total = stepsIn(plan).length
  if (total === 0) return
  const begun = session.clock.now()
  let count = 0
  try {
    await apply(plan, session.backend(), {
      begun: (step) => session.progress(`${beginning(step)} (${count} of ${total} done)`),
      done: (step) => session.say(`  ${++count}/${total} ${finished(step)}`),
      undoing: (steps) => session.say(`Putting back ${steps} changes`),
    })
  } catch (error) {
    throw error instanceof StepFailure ? stoppedFailure(error) : error
  }
  session.say(`Done: ${total} changes in ${((session.clock.now() - begun) / 1000).toFixed(1)} s`)
}
