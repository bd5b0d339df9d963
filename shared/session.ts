import { type Clock, DAY_MS, opaqueToken, type Random } from './clock.js'
import { sha256Hex } from './crypto/digest.js'
import type { SessionRecord, Store } from './store/port.js'

/** A login lasts a week; a mini program logs in again without the user noticing. */
const SESSION_MS = 7 * DAY_MS

/** Sessions and pay tokens are stored under this hash, so that a leaked database lets nobody in. */
export const hashToken = (token: string): string => sha256Hex(token)

/** Who has just proved to be whom. */
export type Login = Pick<SessionRecord, 'provider' | 'appId' | 'openid' | 'unionid' | 'sessionKey'>

/** Keeps a login and answers the opaque token under which the client finds it again, and when that ends (ms). */
export async function openSession(
  login: Login,
  { store, clock, random }: { store: Store; clock: Clock; random: Random },
): Promise<{ sessionToken: string; session: SessionRecord }> {
  const sessionToken = opaqueToken(random)
  const createdAt = clock.now()
  const session = {
    ...login,
    tokenHash: hashToken(sessionToken),
    createdAt,
    expiresAt: createdAt + SESSION_MS,
  }
  await store.sessions.put(session)
  return { sessionToken, session }
}

/** The session behind a token, if it lives. */
export const findSession = (token: string, store: Store, clock: Clock): Promise<SessionRecord | undefined> =>
  store.sessions.find(hashToken(token), clock.now())
