import { invalidParam } from '../../errors/index.js'
import type { OrderRequest } from '../provider.js'

/** Who pays in a mini program. INVALID_PARAM where nobody is named. */
export function payerOf({ openid }: OrderRequest): string {
  if (openid !== undefined) return openid
  throw invalidParam('openid', 'required, the one who pays in the mini program; authCode2Session answers it')
}
