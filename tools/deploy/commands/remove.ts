import { removalPhases } from '../plan/removal.js'
import { withoutGaps } from '../plan/steps.js'
import { planText } from '../plan/text.js'
import type { Session } from '../session.js'
import { follow } from './deploy.js'

/** `remove`: all that this project has deployed to this stage, whatever serverless.yml says by now. */
export async function removeCommand(session: Session): Promise<void> {
  const backend = session.backend()
  session.progress('Looking for what is there')
  const all = { deployed: await backend.deployed(), goes: () => true, domainGoes: () => true }
  const plan = {
    phases: [],
    removals: withoutGaps(await removalPhases(backend, all)),
    unchanged: 0,
    left: [],
  }
  session.say(planText(plan, session.project, backend))
  if (session.options['dry-run'] === true) return session.say('Nothing was changed (--dry-run).')
  await follow(session, plan)
}
