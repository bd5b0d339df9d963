import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemRandom } from '../../shared/clock.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import type { Store } from '../../shared/store/port.js'
import { type LocalCloud, startLocalCloud } from '../emulator/cloud/index.js'
import { type LocalPlatforms, type ProviderName, startLocalPlatforms } from '../emulator/platforms/index.js'
import { type Merchant, openMerchant } from './merchant.js'
import { type Wallet, wallets } from './wallets.js'

/** Everything a payment needs, on this machine, for as long as the demo runs. */
export interface DemoSetup {
  provider: ProviderName
  /** Where the payer pays. */
  wallet: Wallet
  store: Store
  platforms: LocalPlatforms
  cloud: LocalCloud
  merchant: Merchant
  /** What functions and local cloud logged. */
  lines: readonly string[]
  close(): Promise<void>
}

/** `whsec_` and base64, as Standard Webhooks writes its keys. */
export const newEventSecret = (): string => `whsec_${systemRandom.bytes(32).toString('base64')}`

/** What new merchants get. */
export const USUAL_PROVIDER: ProviderName = 'weixin-v3'

/**
 * Sets everything up in a temporary folder, for payments with one provider. `dist`: the built functions. When a part
 * fails, those before it are closed.
 */
export async function setUp(dist: string, provider = USUAL_PROVIDER): Promise<DemoSetup> {
  const lines: string[] = []
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each()
  }
  try {
    const folder = await mkdtemp(join(tmpdir(), 'unicloud-openapi-'))
    closers.push(() => rm(folder, { recursive: true, force: true }))
    const store = await openEmbeddedStore(folder)
    closers.push(() => store.close())
    const secret = newEventSecret()
    const merchant = await openMerchant(secret)
    closers.push(() => merchant.close())
    const platforms = await startLocalPlatforms()
    closers.push(() => platforms.close())
    const env = {
      ...platforms.settings(provider),
      ...{ PAYMENT_PROVIDER: provider, EVENT_TARGET: merchant.url, EVENT_SECRET: secret },
    }
    const cloud = await startLocalCloud({ dist, env, store, log: (line) => lines.push(line) })
    closers.push(() => cloud.close())
    return { provider, wallet: wallets[provider], store, platforms, cloud, merchant, lines, close }
  } catch (error) {
    await close()
    throw error
  }
}
