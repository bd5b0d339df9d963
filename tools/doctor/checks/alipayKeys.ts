import { createPublicKey, type KeyObject } from 'node:crypto'
import type { AlipayApp } from '../../../shared/config/alipayApp.js'
import { rsaPrivateKey, rsaPublicKey } from '../../../shared/crypto/index.js'
import { alipayAppsOf } from '../accounts.js'
import { check } from '../check.js'
import { each } from '../examine.js'
import type { Finding, Say } from '../finding.js'
import { alipayKeysRemarks } from '../remarks/alipayKeys.js'

type Code = keyof typeof alipayKeysRemarks

const LEAST_BITS = { RSA2: 2048, RSA: 1024 } as const

export const alipayKeys = check({
  id: 'alipay.keys',
  title: { en: 'Alipay’s keys can be read and are the right ones', zh: '支付宝密钥可读取且没有混用' },
  remarks: alipayKeysRemarks,
  run: (world, say) => each(world, alipayAppsOf(world), async (app) => verdicts(app, say)),
})

/** What can be said about an application's keys without asking Alipay. */
export function verdicts(app: AlipayApp, say: Say<Code>): Finding[] {
  const about = { app: app.appId }
  const own = app.privateKey === undefined ? undefined : readable(rsaPrivateKey, app.privateKey)
  const found = [...privateFaults(app, own, say), ...publicFaults(app, own, say)]
  if (app.publicKey === undefined && !app.certificates) found.push(say('no-verification', about))
  if (found.length === 0) found.push(say('good', about))
  return app.sellerId === undefined ? [...found, say('no-seller', about)] : found
}

function privateFaults(app: AlipayApp, own: KeyObject | undefined, say: Say<Code>): Finding[] {
  const about = { app: app.appId }
  if (app.privateKey === undefined) return [say('private-key-missing', about)]
  if (!own) return [say('private-key-unreadable', about)]
  const bits = own.asymmetricKeyDetails?.modulusLength ?? 0
  return bits < LEAST_BITS[app.signType] ? [say('key-short', { ...about, bits })] : []
}

function publicFaults(
  { appId, publicKey }: AlipayApp,
  own: KeyObject | undefined,
  say: Say<Code>,
): Finding[] {
  if (publicKey === undefined) return []
  const key = readable(rsaPublicKey, publicKey)
  if (!key) return [say('public-key-unreadable', { app: appId })]
  const isOwn = own !== undefined && createPublicKey(own).equals(key)
  return isOwn ? [say('application-key', { app: appId })] : []
}

function readable(parse: (text: string) => KeyObject, text: string): KeyObject | undefined {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}
