import { ApiError } from './cloud/api.js'
import { DeployFailure, reasonOf } from './failure.js'
import type { StepFailure } from './plan/apply.js'
import { beginning, nameOf } from './plan/text.js'
import type { Session } from './session.js'

/** What to do about the API's own codes (help.aliyun.com, "error codes" of Function Compute). */
const ADVICE: readonly [RegExp, string][] = [
  [
    /^(InvalidAccessKeyID|InvalidAccessKeyId\.NotFound|MissingAccessKeyId)/,
    'Check ALIBABA_CLOUD_ACCESS_KEY_ID: the key does not exist or was disabled (ram.console.aliyun.com).',
  ],
  [
    /^(SignatureNotMatch|SignatureDoesNotMatch|IncompleteSignature)/,
    'Check ALIBABA_CLOUD_ACCESS_KEY_SECRET for missing or extra characters, and the clock of this machine.',
  ],
  [
    /^(InvalidAccountID|AccountIdMismatch)/i,
    'Check ALIBABA_CLOUD_ACCOUNT_ID: it is not the account of the access key.',
  ],
  [
    /^(AccessDenied|NoPermission|Forbidden)/,
    'Give the RAM user AliyunFCFullAccess, and ram:PassRole if serverless.yml names a role.',
  ],
  [
    /^FcNotEnabled|^NotActivated|ServiceNotOpen/i,
    'Activate Function Compute for this account in the console first.',
  ],
  [
    /^DomainNameNotResolved/,
    'Point the domain at <account>.<region>.fc.aliyuncs.com with a CNAME record and wait until it resolves.',
  ],
  [
    /^DomainNameNotRegistered|ICP/i,
    'A domain in mainland China needs an ICP filing before Function Compute takes it.',
  ],
  [/^DomainNameAlreadyExists/, 'The domain is bound in another account or region: unbind it there.'],
  [
    /^(FunctionCountExceeded|.*LimitExceeded|QuotaExceeded)/,
    'A quota is used up: raise it in the quota centre of the console, or deploy fewer functions (provider.only).',
  ],
  [
    /Throttl|TooManyRequests|RateLimit/i,
    'The API is busy even after six tries: run the command again in a minute.',
  ],
  [
    /^(ENOTFOUND|ECONNREFUSED|EAI_AGAIN|ENETUNREACH)/,
    'Check the network and provider.region: the API of that region cannot be reached.',
  ],
  [/^InvalidArgument/, 'The API refuses the value it names; the key of serverless.yml has the same name.'],
]

/** What a person can do about a failure, if it is known. */
function adviceFor(error: unknown): string {
  if (!(error instanceof ApiError)) return ''
  const [, advice] = ADVICE.find(([pattern]) => pattern.test(error.code)) ?? []
  if (advice) return advice
  return error.status === undefined || error.status >= 500
    ? 'Run the command again: it goes on where things stand.'
    : ''
}

/** An API's refusal for people. */
export function asFailure(error: unknown, doing: string): DeployFailure {
  if (error instanceof DeployFailure) return error
  const code = error instanceof ApiError ? ` (${error.code})` : ''
  const lines = [`${doing} failed${code}: ${reasonOf(error)}`, adviceFor(error)]
  return new DeployFailure('FUNCTION_COMPUTE', lines.filter((line) => line !== '').join('\n'), {
    cause: error,
  })
}

/** A deployment that stopped: what failed, what to do, and in what state things are. */
export function stoppedFailure(failure: StepFailure): DeployFailure {
  const { message } = asFailure(failure.reason, beginning(failure.step))
  const state =
    failure.left.length > 0
      ? [
          'These could not be put back; the next `serverless deploy` makes all right:',
          ...failure.left.map(({ step, reason }) => `  ${nameOf(step)}: ${reasonOf(reason)}`),
        ]
      : [
          failure.undone > 0
            ? 'Everything that had been changed was put back.'
            : 'Nothing else had been changed.',
        ]
  return new DeployFailure('DEPLOYMENT_STOPPED', [message, ...state].join('\n'), { cause: failure })
}

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
