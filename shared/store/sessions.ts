import { type Documents, put } from './documents.js'
import type { SessionRecord, SessionStore } from './port.js'
import { sweeper } from './sweeper.js'

export function sessionStore(documents: Documents): SessionStore {
  const sweep = sweeper(documents, 'sessions')
  return {
    async put({ tokenHash, ...session }) {
      await sweep(session.createdAt)
      await put(documents, 'sessions', { _id: tokenHash, ...session })
    },
    async find(tokenHash, now) {
      const document = await documents.get('sessions', tokenHash)
      if (!document) return undefined
      const { _id, ...session } = document as { _id: string } & Omit<SessionRecord, 'tokenHash'>
      return session.expiresAt > now ? { tokenHash: _id, ...session } : undefined
    },
    remove: (tokenHash) => documents.remove('sessions', tokenHash),
  }
}
