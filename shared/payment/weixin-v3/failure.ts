import { OpenapiError } from '../../errors/index.js'
import type { HttpAnswer } from '../../http/http.js'
import type { Meaning } from '../../operation/index.js'
import type { ProviderDependencies } from '../provider.js'
import { rid, unverified } from '../weixin/failure.js'
import type { Doubt } from './authenticity.js'
import { canonicalCode, errCodes } from './errCodes.js'
import { inner, parsedObject, text } from './fields.js'
import type { KeyRing } from './keyRing.js'
import type { V3Merchant } from './merchant.js'

/** What an answer was held against. */
export interface Judging {
  merchant: V3Merchant
  dependencies: ProviderDependencies
  known: KeyRing['known']
}

/**
 * An answer without a good signature. What it claims is passed on as hearsay: it names most mistakes in settings. The
 * cause is for the log.
 */
export async function doubted(
  answer: HttpAnswer,
  { reason, detail }: Doubt,
  { merchant, dependencies, known }: Judging,
): Promise<OpenapiError> {
  const { diagnoseAnswer } = await import('../../diagnosis/index.js')
  const { explainAnswer } = await import('./diagnosis.js')
  const cause = await diagnoseAnswer(dependencies, answer.body, async () =>
    explainAnswer({ merchant, known: await known(), now: dependencies.clock.now() }, answer, reason),
  )
  const why = detail === undefined ? reason : `${reason}, ${detail}`
  const claim = /"code"\s*:\s*"([A-Z_]{1,40})"/.exec(answer.body.subarray(0, 4096).toString('latin1'))?.[1]
  const meaning = claim === undefined ? undefined : errCodes[canonicalCode(claim)]
  const hearsay = claim === undefined ? '' : ` that claims ${claim}${meaning ? `: ${meaning.en}` : ''}`
  const isUnset = merchant.v3.publicKeys.length === 0 && detail?.startsWith('serial PUB_KEY_ID_')
  const lack = isUnset ? NO_PUBLIC_KEY : ''
  const what = `an answer nobody vouches for (${why}; HTTP ${answer.status})${hearsay}${lack}`
  const isOurs = isUnset || meaning?.advice === 'fix the settings'
  return unverified(what, { answer, advice: isOurs ? 'fix the settings' : 'retry', cause })
}

/** What every merchant without certificates runs into first. */
const NO_PUBLIC_KEY =
  '; it is signed with a public key that is not set here: set WEIXIN_PAY_PUBLIC_KEY_ID and WEIXIN_PAY_PUBLIC_KEY as ' +
  'the merchant console shows them (微信支付公钥)'

/** What an authentic answer refuses with: by its code first, by its status where the code is new or missing. */
export function failed(answer: HttpAnswer): OpenapiError {
  const { said, code, field } = complaintOf(answer)
  const known = errCodes[code]
  const meaning = known ?? byStatus(answer.status)
  const told = [said, field && `(${field})`].filter(Boolean).join(' ')
  const sentence = known ? `${known.en} (${known.zh}); ` : ''
  return new OpenapiError({
    errCode: code,
    errMsg: `${sentence}WeChat Pay said: ${told || `HTTP ${answer.status}`}`,
    advice: meaning.advice,
    outcome: meaning.outcome ?? 'failed',
    status: 502,
    ...rid(answer),
  })
}

function complaintOf({ body, status }: HttpAnswer): { said: string; code: string; field: string } {
  const fields = parsedObject(body) ?? {}
  const spoken = (name: string, from = fields) => {
    try {
      return text(from, name) ?? ''
    } catch {
      return ''
    }
  }
  const code = canonicalCode(spoken('code')) || `HTTP_${status}`
  return { code, said: spoken('message'), field: spoken('field', inner(fields, 'detail')) }
}

function byStatus(status: number): Pick<Meaning, 'advice' | 'outcome'> {
  if (status >= 500 || status < 400) return { advice: 'retry', outcome: 'unknown' }
  return { advice: status === 429 ? 'wait' : 'fix the request' }
}
