import { type Documents, MAX_PAGE, put } from './documents.js'
import type { CertificateRecord, CertificateStore } from './port.js'

export function certificateStore(documents: Documents): CertificateStore {
  return {
    async list(provider, merchantId) {
      const found = await documents.find('certificates', { provider, merchantId }, { limit: MAX_PAGE })
      return found.map(({ _id, ...certificate }) => certificate as unknown as CertificateRecord)
    },
    put: (certificate) => {
      const { provider, merchantId, serial } = certificate
      return put(documents, 'certificates', { _id: `${provider}:${merchantId}:${serial}`, ...certificate })
    },
  }
}
