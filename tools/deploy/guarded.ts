import { asFailure } from './advice.js'
import { ApiError } from './cloud/api.js'
import { DeployFailure } from './failure.js'
import type { Session } from './session.js'

/**
 * Does `work` and turns what goes wrong into something a person can mend, with secrets masked: an API may repeat in a
 * refusal what it was sent. Mistakes of ours are thrown as they are, with their stack. Throws {@link DeployFailure}.
 */
export async function guarded(
  session: Session,
  doing: string,
  work: (session: Session) => Promise<unknown>,
): Promise<void> {
  try {
    await work(session)
  } catch (error) {
    if (!(error instanceof DeployFailure || error instanceof ApiError)) throw error
    const { code, message } = asFailure(error, doing)
    throw new DeployFailure(code, session.masked(message))
  }
}
