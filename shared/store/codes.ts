import { type Documents, put } from './documents.js'
import type { CodeRecord, CodeStore } from './port.js'
import { sweeper } from './sweeper.js'

export function codeStore(documents: Documents): CodeStore {
  const sweep = sweeper(documents, 'codes')
  return {
    async find(key, now) {
      await sweep(now)
      const document = await documents.get('codes', key)
      if (!document) return undefined
      const { _id, ...code } = document as { _id: string } & Omit<CodeRecord, 'key'>
      return code.expiresAt > now ? { key: _id, ...code } : undefined
    },
    put: ({ key, ...code }) => put(documents, 'codes', { _id: key, ...code }),
  }
}
