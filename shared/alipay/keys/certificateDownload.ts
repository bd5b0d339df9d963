import type { AlipayApp } from '../../config/alipayApp.js'
import { type AlipayOutside, exchange } from '../exchange.js'

/** What Alipay answered when it was asked for one of its certificates; nothing about it is proved. */
interface DownloadedCertificate {
  /** A chain; empty where there is no such certificate. */
  pem: string
  /** The number of the certificate with which the answer was signed. */
  signer?: string | undefined
}

/** Asks Alipay for one of its certificates. https://opendocs.alipay.com/common/06ue2z */
export async function downloadCertificate(
  app: AlipayApp,
  certSn: string,
  dependencies: AlipayOutside,
): Promise<DownloadedCertificate> {
  const request = {
    method: 'alipay.open.app.alipaycert.download',
    bizContent: { alipay_cert_sn: certSn },
  }
  const { value, certSn: signer } = await exchange(app, request, dependencies)
  return { pem: contentOf(value), signer }
}

function contentOf(value: Buffer): string {
  try {
    const { alipay_cert_content: content } = JSON.parse(value.toString('utf8')) as Record<string, unknown>
    return typeof content === 'string' ? Buffer.from(content, 'base64').toString('utf8') : ''
  } catch {
    return ''
  }
}
