import type { X509Certificate } from 'node:crypto'
import { rootCertSn } from '../../../shared/alipay/keys/certSn.js'
import type { AlipayApp, AlipayCertificates } from '../../../shared/config/alipayApp.js'
import {
  certificatesIn,
  leadsToRoot,
  parsedCertificate,
  rsaPrivateKey,
} from '../../../shared/crypto/index.js'
import { alipayAppsOf } from '../accounts.js'
import { check } from '../check.js'
import { each } from '../examine.js'
import { expiryOf } from '../expiry.js'
import type { Finding, Say } from '../finding.js'
import { alipayCertificatesRemarks } from '../remarks/alipayCertificates.js'
import type { World } from '../world.js'

type Code = keyof typeof alipayCertificatesRemarks

export const alipayCertificates = check({
  id: 'alipay.certificates',
  title: { en: 'Alipay’s certificate files belong together', zh: '支付宝证书文件相互匹配' },
  remarks: alipayCertificatesRemarks,
  run: (world, say) => each(world, alipayAppsOf(world), async (app) => verdicts(world, app, say)),
})

const names = { app: 'ALIPAY_APP_CERT', alipay: 'ALIPAY_PUBLIC_CERT', root: 'ALIPAY_ROOT_CERT' } as const

/** What can be said about an application's certificates without asking Alipay; nothing in key mode. */
export function verdicts(world: World, app: AlipayApp, say: Say<Code>): Finding[] {
  const { certificates, appId } = app
  if (!certificates) return []
  const leaves = { app: leafOf(certificates.app), alipay: leafOf(certificates.alipay) }
  const unreadable = (['app', 'alipay'] as const).filter((part) => !leaves[part])
  const { app: own, alipay } = leaves
  if (!own || !alipay) return unreadable.map((part) => say('unreadable', { app: appId, name: names[part] }))
  const owner = ownership(app, own, alipay)
  if (owner) return [say(owner, { app: appId })]
  const ends = { [names.app]: own, [names.alipay]: alipay }
  const found = [...rootFaults(world, certificates, appId, say), ...endsOf(world, ends, appId, say)]
  if (found.length > 0) return found
  const untils = [own, alipay].map((certificate) => expiryOf(certificate, world.clock).until).sort()
  return [say('good', { app: appId, until: untils[0] ?? '' })]
}

function leafOf(file: string): X509Certificate | undefined {
  const [der] = certificatesIn(file)
  return der && parsedCertificate(der)
}

/** The application's certificate is for its private key; Alipay's own can never be. */
function ownership(
  { privateKey }: AlipayApp,
  own: X509Certificate,
  alipay: X509Certificate,
): 'swapped' | 'other-key' | undefined {
  if (privateKey === undefined) return undefined
  try {
    const key = rsaPrivateKey(privateKey)
    if (own.checkPrivateKey(key)) return undefined
    return alipay.checkPrivateKey(key) ? 'swapped' : 'other-key'
  } catch {
    return undefined
  }
}

function rootFaults(
  { clock }: World,
  { alipay, root }: AlipayCertificates,
  app: string,
  say: Say<Code>,
): Finding[] {
  const roots = parsedAll(root)
  const [leaf, ...between] = parsedAll(alipay)
  if (!hasRsaRoot(root)) return [say('root-unusable', { app })]
  // One that has expired is told of as such.
  const at = leaf ? Math.min(clock.now(), Date.parse(leaf.validTo)) : clock.now()
  const isUnderRoot = leaf && leadsToRoot(leaf, [...between, ...roots], roots, at)
  return isUnderRoot ? [] : [say('not-under-root', { app })]
}

const parsedAll = (file: string): X509Certificate[] =>
  certificatesIn(file).flatMap((der) => parsedCertificate(der) ?? [])

function hasRsaRoot(file: string): boolean {
  try {
    return rootCertSn(file).length > 0
  } catch {
    return false
  }
}

const endsOf = (
  { clock }: World,
  certificates: Readonly<Record<string, X509Certificate>>,
  app: string,
  say: Say<Code>,
): Finding[] =>
  Object.entries(certificates).flatMap(([name, certificate]) => {
    const { state, until, days } = expiryOf(certificate, clock)
    return state ? [say(state, { app, name, until, days })] : []
  })
