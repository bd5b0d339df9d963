import { type KeyObject, X509Certificate } from 'node:crypto'
import { rsaPublicKey } from '../../crypto/index.js'
import { OpenapiError } from '../../errors/index.js'
import type { HttpAnswer } from '../../http/http.js'
import { traced } from '../../operation/context.js'
import type { CertificateRecord } from '../../store/port.js'
import type { ProviderDependencies } from '../provider.js'
import { doubtAbout } from './authenticity.js'
import { PROVIDER } from './certificateSource.js'
import { doubted, failed } from './failure.js'
import { type Fields, inner, instant, list, parsedObject, requiredText } from './fields.js'
import type { KnownKey, V3Merchant } from './merchant.js'
import { sendSigned } from './request.js'
import { opened } from './sealed.js'

const PATH = '/v3/certificates'

/** Less than this is no platform certificate of WeChat Pay's. */
const LEAST_BITS = 2048

/** Whether a certificate may verify at `now`, in milliseconds. */
export const isValid = ({ notBefore, notAfter }: CertificateRecord, now: number): boolean =>
  notBefore <= now && now < notAfter

/** Parsed once per text and process. */
export const certificateKey = ({ pem }: CertificateRecord): KeyObject => rsaPublicKey(pem)

export const knownKey = (certificate: CertificateRecord): KnownKey => ({
  serial: certificate.serial,
  key: certificateKey(certificate),
})

/** The keys that are trusted already. */
export interface Trust {
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
export async function downloadCertificates(
  merchant: V3Merchant,
  dependencies: ProviderDependencies,
  trust: Trust,
): Promise<CertificateRecord[]> {
  return traced(dependencies, PATH, async () => {
    const answer = await sendSigned(merchant, dependencies, {
      method: 'GET',
      url: `${merchant.baseUrl}${PATH}`,
    })
    return trusted(merchant, dependencies, answer, trust)
  })
}

async function trusted(
  merchant: V3Merchant,
  dependencies: ProviderDependencies,
  answer: HttpAnswer,
  trust: Trust,
): Promise<CertificateRecord[]> {
  const now = dependencies.clock.now()
  const contained = async () =>
    answer.status === 200 ? certificatesOf(merchant, dependencies, answer.body) : []
  const ownKey = async (serial: string) => {
    const found = (await contained()).find((each) => each.serial === serial && isValid(each, now))
    return found && certificateKey(found)
  }
  const doubt = await doubtAbout(answer, now, (serial) => trust.keyOf(serial) ?? ownKey(serial))
  if (doubt) {
    const known = async () => [...(await trust.known()), ...(await contained()).map(knownKey)]
    throw await doubted(answer, doubt, { merchant, dependencies, known })
  }
  if (answer.status === 200) return (await contained()).filter(({ notAfter }) => now < notAfter)
  const refusal = failed(answer)
  if (refusal.errCode === 'RESOURCE_NOT_EXISTS') return []
  throw refusal
}

async function certificatesOf(
  merchant: V3Merchant,
  dependencies: ProviderDependencies,
  body: Buffer,
): Promise<CertificateRecord[]> {
  const records: CertificateRecord[] = []
  for (const item of list(parsedObject(body) ?? {}, 'data')) {
    const sealed = inner(item, 'encrypt_certificate')
    const pem = opened(merchant, sealed)?.toString('utf8')
    if (pem === undefined) throw await unopened(merchant, dependencies, sealed)
    try {
      records.push(recordOf(merchant, item, pem))
    } catch (cause) {
      throw refused('is not the one it says it is', cause)
    }
  }
  return records
}

async function unopened(
  merchant: V3Merchant,
  dependencies: ProviderDependencies,
  sealed: Fields,
): Promise<OpenapiError> {
  const { diagnoseAnswer } = await import('../../diagnosis/index.js')
  const { explainSealed } = await import('./diagnosis.js')
  const cause = await diagnoseAnswer(dependencies, Buffer.alloc(0), () => explainSealed(merchant, sealed))
  return refused('does not open with the APIv3 key: check WEIXIN_PAY_V3_KEY', cause)
}

/** Valid while both the certificate and the list say so: before a change the list ends the old one early. */
function recordOf({ mchId }: V3Merchant, item: Fields, pem: string): CertificateRecord {
  const certificate = new X509Certificate(pem)
  const serial = requiredText(item, 'serial_no').toUpperCase()
  const { publicKey, validFrom, validTo } = certificate
  const bits = publicKey.asymmetricKeyType === 'rsa' ? publicKey.asymmetricKeyDetails?.modulusLength : 0
  if (withoutZeros(certificate.serialNumber) !== withoutZeros(serial))
    throw new Error('another serial inside')
  if ((bits ?? 0) < LEAST_BITS) throw new Error('not an RSA key of 2048 bits or more')
  const notBefore = Math.max(Date.parse(validFrom), instant(item, 'effective_time') ?? 0)
  const notAfter = Math.min(Date.parse(validTo), instant(item, 'expire_time') ?? Number.POSITIVE_INFINITY)
  return { provider: PROVIDER, merchantId: mchId, serial, pem, notBefore, notAfter }
}

const withoutZeros = (hex: string): string => hex.toUpperCase().replace(/^0+/, '')

const refused = (why: string, cause?: unknown): OpenapiError =>
  new OpenapiError({
    errCode: 'CERTIFICATE_REFUSED',
    errMsg: `a platform certificate of WeChat Pay ${why}`,
    advice: 'fix the settings',
    status: 502,
    cause,
  })
