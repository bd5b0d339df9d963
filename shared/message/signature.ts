import { sameText, sha1Hex } from '../crypto/digest.js'

/** WeChat's signature over a call's few texts: sorted, joined with nothing, SHA-1 as lower-case hex. */
export const pushSignature = (...texts: readonly string[]): string => sha1Hex([...texts].sort().join(''))

export const isSigned = (signature: string | undefined, ...texts: readonly string[]): boolean =>
  signature !== undefined && sameText(pushSignature(...texts), signature)
