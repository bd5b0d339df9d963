import type { KeyObject } from 'node:crypto'
import forge from 'node-forge'
import { newKeyPair, signCertificate } from '../../tools/emulator/platforms/certificates/index.js'
import { HAND_CLOCK_START } from '../support/clock.js'

/** A certificate authority like Ant's: a root, two intermediates, leaves. Made with node-forge, judged by Node. */

export interface Certified {
  pem: string
  key: KeyObject
  names: Attribute[]
}

type Attribute = { name: string; value: string }

const DAY = 24 * 3600 * 1000

/** In Ant's order: country, organisation, unit, name. */
export const antName = (commonName: string, organisation = 'Ant Financial'): Attribute[] => [
  { name: 'countryName', value: 'CN' },
  { name: 'organizationName', value: organisation },
  { name: 'organizationalUnitName', value: 'Certification Authority' },
  { name: 'commonName', value: commonName },
]

export interface Wish {
  names: Attribute[]
  issuer?: Certified
  ca?: boolean
  serial?: string
  from?: number
  to?: number
}

export function certify({
  names,
  issuer,
  ca = false,
  serial = '2020051400000001',
  from,
  to,
}: Wish): Certified {
  const pair = newKeyPair()
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(
    pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  )
  certificate.serialNumber = serial
  certificate.validity.notBefore = new Date(from ?? HAND_CLOCK_START - 365 * DAY)
  certificate.validity.notAfter = new Date(to ?? HAND_CLOCK_START + 365 * DAY)
  certificate.setSubject(utf8(names))
  certificate.setIssuer(utf8(issuer?.names ?? names))
  certificate.setExtensions([
    { name: 'basicConstraints', cA: ca },
    { name: 'keyUsage', keyCertSign: ca, digitalSignature: !ca },
  ])
  signCertificate(certificate, issuer?.key ?? pair.privateKey)
  return { pem: forge.pki.certificateToPem(certificate), key: pair.privateKey, names }
}

const utf8 = (names: Attribute[]) =>
  names.map(({ name, value }) => ({
    name,
    value,
    valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class,
  }))

export const root = certify({ names: antName('Ant Financial Certification Authority R1'), ca: true })
export const otherRoot = certify({ names: antName('Somebody Else R1'), ca: true })
/** Class 1 certifies applications, class 2 Alipay itself. */
export const class1 = certify({ names: antName('Ant Class 1 R1'), issuer: root, ca: true, serial: '11' })
export const class2 = certify({ names: antName('Ant Class 2 R1'), issuer: root, ca: true, serial: '12' })

/** Alipay certifies its key anew for each merchant, and says for whom. */
export const alipayNames = antName('支付宝(中国)网络技术有限公司-2088102175489011', '杭州某某科技有限公司')

export const alipayCertificate = certify({
  names: alipayNames,
  issuer: class2,
  serial: '7f20200514ffffffffffffffff000001',
})
export const appCertificate = certify({
  names: antName('2088102175489011-2021000122671080', '杭州某某科技有限公司'),
  issuer: class1,
  serial: '20200515',
})
