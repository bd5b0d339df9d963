import { sha256Hex } from '../crypto/digest.js'

/** Hex. The same for every copy of the push that `about` and these values of its own fields describe. */
export const identityFrom = (about: string, values: readonly unknown[]): string =>
  sha256Hex(JSON.stringify([about, ...values]))

/** Under which the notice of a push to that application is kept. */
export const noticeId = (appId: string, identity: string): string => `weixin:${appId}:message:${identity}`
