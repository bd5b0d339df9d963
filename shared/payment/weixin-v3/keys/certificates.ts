import { type KeyObject, X509Certificate } from 'node:crypto'
import { isValid, publicKey } from '../../../certificates/source.js'
import { CERTIFICATE_REFUSED, type OpenapiError, openapiError } from '../../../errors/index.js'
import type { HttpAnswer } from '../../../http/http.js'
import { traced } from '../../../operation/operation.js'
import type { CertificateRecord } from '../../../store/port.js'
import { sendSigned, type V3Client } from '../client.js'
import { refused, unverifiedAnswer } from '../failure.js'
import { type Fields, inner, instant, list, parsedObject, requiredText } from '../fields.js'
import { decryptResource, type KnownKey, verifySignature } from '../signature.js'

const PATH = '/v3/certificates'

/** Less than this is no platform certificate of WeChat Pay's. */
const LEAST_BITS = 2048

/** The keys that are trusted already. */
export interface TrustedKeys {
  keyOf(serial: string): KeyObject | undefined
  known(): Promise<KnownKey[]>
}

/**
 * Downloads the platform certificates and answers those that may be trusted. Two things make one trusted: it opens
 * with the APIv3 key, and the answer that holds it is signed by a key known before or, where none is, by a
 * certificate that itself opened with the APIv3 key. So neither an expired certificate nor an empty store stands in
 * the way of a new one, and nobody without the APIv3 key can put one in. Empty for merchants that have the WeChat
 * Pay public key only. https://pay.weixin.qq.com/doc/v3/merchant/4012551764
 */
export const downloadCertificates = (server: Server, trusted: TrustedKeys): Promise<CertificateRecord[]> =>
  traced(server.dependencies, PATH, async () => {
    const url = `${server.merchant.baseUrl}${PATH}`
    return verifiedCertificates(server, await sendSigned(server, { method: 'GET', url }), trusted)
  })

/** Whom to ask, and with what. */
type Server = Pick<V3Client, 'merchant' | 'dependencies'>

async function verifiedCertificates(
  server: Server,
  answer: HttpAnswer,
  trusted: TrustedKeys,
): Promise<CertificateRecord[]> {
  const now = server.dependencies.clock.now()
  const contained = async () => (answer.status === 200 ? certificatesIn(server, answer.body) : [])
  const ownKey = async (serial: string) => {
    const found = (await contained()).find((each) => each.serial === serial && isValid(each, now))
    return found && publicKey(found)
  }
  const failure = await verifySignature(answer, now, (serial) => trusted.keyOf(serial) ?? ownKey(serial))
  if (failure) {
    const known = async () => [
      ...(await trusted.known()),
      ...(await contained()).map((each) => ({ serial: each.serial, key: publicKey(each) })),
    ]
    throw await unverifiedAnswer(answer, failure, { ...server, known })
  }
  if (answer.status === 200) return (await contained()).filter(({ notAfter }) => now < notAfter)
  const refusal = refused(answer)
  if (refusal.errCode === 'RESOURCE_NOT_EXISTS') return []
  throw refusal
}

async function certificatesIn(server: Server, body: Buffer): Promise<CertificateRecord[]> {
  const { merchant } = server
  const records: CertificateRecord[] = []
  for (const item of list(parsedObject(body) ?? {}, 'data')) {
    const resource = inner(item, 'encrypt_certificate')
    const pem = decryptResource(merchant, resource)?.toString('utf8')
    if (pem === undefined) throw await notDecryptable(server, resource)
    try {
      records.push(recordOf(merchant, item, pem))
    } catch (cause) {
      throw certificateRefused('is not the one it says it is', cause)
    }
  }
  return records
}

async function notDecryptable({ merchant, dependencies }: Server, resource: Fields): Promise<OpenapiError> {
  const { diagnoseAnswer } = await import('../../../diagnosis/index.js')
  const { explainSealed } = await import('../diagnosis.js')
  const cause = await diagnoseAnswer(dependencies, Buffer.alloc(0), () => explainSealed(merchant, resource))
  return certificateRefused('does not open with the APIv3 key: check WEIXIN_PAY_V3_KEY', cause)
}

/** Valid while both the certificate and the list say so: before a change the list ends the old one early. */
function recordOf({ mchId }: Server['merchant'], item: Fields, pem: string): CertificateRecord {
  const certificate = new X509Certificate(pem)
  const serial = requiredText(item, 'serial_no').toUpperCase()
  const { publicKey: key, validFrom, validTo } = certificate
  const bits = key.asymmetricKeyType === 'rsa' ? key.asymmetricKeyDetails?.modulusLength : 0
  if (withoutZeros(certificate.serialNumber) !== withoutZeros(serial))
    throw new Error('another serial inside')
  if ((bits ?? 0) < LEAST_BITS) throw new Error('not an RSA key of 2048 bits or more')
  const notBefore = Math.max(Date.parse(validFrom), instant(item, 'effective_time') ?? 0)
  const notAfter = Math.min(Date.parse(validTo), instant(item, 'expire_time') ?? Number.POSITIVE_INFINITY)
  return { provider: 'weixin-v3', merchantId: mchId, serial, pem, notBefore, notAfter }
}

const withoutZeros = (hex: string): string => hex.toUpperCase().replace(/^0+/, '')

const certificateRefused = (why: string, cause?: unknown): OpenapiError =>
  openapiError(CERTIFICATE_REFUSED, { why }, { cause })
