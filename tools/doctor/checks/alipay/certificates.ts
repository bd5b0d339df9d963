import type { X509Certificate } from 'node:crypto'
import { rootCertSn } from '../../../../shared/alipay/signature.js'
import type { AlipayApp, AlipayCertificates } from '../../../../shared/config/alipayApp.js'
import {
  certificatesIn,
  leadsToRoot,
  parsedCertificate,
  rsaPrivateKey,
} from '../../../../shared/crypto/index.js'
import { alipayAppsOf } from '../../accounts.js'
import { check, each } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import { expiryOf } from '../../expiry.js'
import type { Finding, Remarks, Say } from '../../finding.js'

const requestsFail = { en: 'Alipay refuses every request.', zh: '支付宝会拒绝所有请求。' }
const answersFail = { en: 'Neither answers nor notices can be verified.', zh: '应答和通知都无法验签。' }
const downloadAll = {
  en: 'Download the three files of certificate mode together from the console.',
  zh: '请从控制台一并重新下载证书模式的三个文件。',
}

export const alipayCertificatesRemarks = {
  good: {
    level: 'ok',
    what: {
      en: 'the three certificate files of {app} belong together, the first ends on {until}',
      zh: '应用 {app} 的三个证书文件相互匹配，最早于 {until} 到期',
    },
  },
  unreadable: {
    level: 'error',
    what: { en: '{name} of {app} holds no certificate', zh: '应用 {app} 的 {name} 中没有证书' },
    why: requestsFail,
    mend: downloadAll,
  },
  swapped: {
    level: 'error',
    what: {
      en: 'ALIPAY_APP_CERT and ALIPAY_PUBLIC_CERT of {app} stand in each other’s place',
      zh: '应用 {app} 的 ALIPAY_APP_CERT 与 ALIPAY_PUBLIC_CERT 填反了',
    },
    why: requestsFail,
    mend: {
      en: 'appCertPublicKey_*.crt is ALIPAY_APP_CERT, alipayCertPublicKey_RSA2.crt is ALIPAY_PUBLIC_CERT.',
      zh: 'appCertPublicKey_*.crt 对应 ALIPAY_APP_CERT，alipayCertPublicKey_RSA2.crt 对应 ALIPAY_PUBLIC_CERT。',
    },
  },
  'other-key': {
    level: 'error',
    what: {
      en: 'the application certificate of {app} was not made for its private key',
      zh: '应用 {app} 的应用公钥证书与私钥不匹配',
    },
    why: requestsFail,
    mend: {
      en: 'Upload a request (CSR) made with this private key, and download the certificate that comes of it.',
      zh: '请用该私钥生成 CSR 上传，并下载由此签发的证书。',
    },
  },
  'not-under-root': {
    level: 'error',
    what: {
      en: 'the Alipay certificate of {app} does not lead to the root file',
      zh: '应用 {app} 的支付宝公钥证书不能追溯到根证书文件',
    },
    why: answersFail,
    mend: {
      en: 'Use alipayRootCert.crt and alipayCertPublicKey_RSA2.crt as the console gives them; those of the sandbox are others.',
      zh: '请使用控制台提供的 alipayRootCert.crt 与 alipayCertPublicKey_RSA2.crt；沙箱环境的文件与生产环境不同。',
    },
  },
  'root-unusable': {
    level: 'error',
    what: {
      en: 'ALIPAY_ROOT_CERT of {app} holds no RSA root',
      zh: '应用 {app} 的 ALIPAY_ROOT_CERT 中没有 RSA 根证书',
    },
    why: requestsFail,
    mend: {
      en: 'Use the file alipayRootCert.crt whole: it holds several certificates.',
      zh: '请完整使用 alipayRootCert.crt，其中包含多张证书。',
    },
  },
  expired: {
    level: 'error',
    what: { en: '{name} of {app} expired on {until}', zh: '应用 {app} 的 {name} 已于 {until} 过期' },
    why: requestsFail,
    mend: downloadAll,
  },
  'expires-soon': {
    level: 'warn',
    what: {
      en: '{name} of {app} expires on {until}, in {days} days',
      zh: '应用 {app} 的 {name} 将于 {until} 过期（剩 {days} 天）',
    },
    why: requestsFail,
    mend: downloadAll,
  },
} as const satisfies Remarks

type Code = keyof typeof alipayCertificatesRemarks

export const alipayCertificates = check({
  id: 'alipay.certificates',
  title: { en: 'Alipay’s certificate files belong together', zh: '支付宝证书文件相互匹配' },
  remarks: alipayCertificatesRemarks,
  run: (doctor, say) => each(doctor, alipayAppsOf(doctor), async (app) => verdicts(doctor, app, say)),
})

const names = { app: 'ALIPAY_APP_CERT', alipay: 'ALIPAY_PUBLIC_CERT', root: 'ALIPAY_ROOT_CERT' } as const

/** What can be said about an application's certificates without asking Alipay; nothing in key mode. */
export function verdicts(doctor: Doctor, app: AlipayApp, say: Say<Code>): Finding[] {
  const { certificates, appId } = app
  if (!certificates) return []
  const leaves = { app: leafOf(certificates.app), alipay: leafOf(certificates.alipay) }
  const unreadable = (['app', 'alipay'] as const).filter((part) => !leaves[part])
  const { app: own, alipay } = leaves
  if (!own || !alipay) return unreadable.map((part) => say('unreadable', { app: appId, name: names[part] }))
  const owner = ownership(app, own, alipay)
  if (owner) return [say(owner, { app: appId })]
  const ends = { [names.app]: own, [names.alipay]: alipay }
  const found = [...rootFaults(doctor, certificates, appId, say), ...endsOf(doctor, ends, appId, say)]
  if (found.length > 0) return found
  const untils = [own, alipay].map((certificate) => expiryOf(certificate, doctor.clock).until).sort()
  return [say('good', { app: appId, until: untils[0] ?? '' })]
}

function leafOf(file: string): X509Certificate | undefined {
  const [der] = certificatesIn(file)
  return der && parsedCertificate(der)
}

/** The application's certificate belongs to its private key; Alipay's certificate cannot. */
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
  { clock }: Doctor,
  { alipay, root }: AlipayCertificates,
  app: string,
  say: Say<Code>,
): Finding[] {
  const roots = parsedAll(root)
  const [leaf, ...between] = parsedAll(alipay)
  if (!hasRsaRoot(root)) return [say('root-unusable', { app })]
  // An expired certificate is reported as that, so its chain is checked as of its last day.
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
  { clock }: Doctor,
  certificates: Readonly<Record<string, X509Certificate>>,
  app: string,
  say: Say<Code>,
): Finding[] =>
  Object.entries(certificates).flatMap(([name, certificate]) => {
    const { state, until, days } = expiryOf(certificate, clock)
    return state ? [say(state, { app, name, until, days })] : []
  })
