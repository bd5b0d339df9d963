import { join } from 'node:path'
import type { Test } from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { openFc2 } from '../../tools/demo/calls.js'
import { type LocalCloud, startLocalCloud } from '../../tools/emulator/cloud/index.js'
import {
  type LocalPlatforms,
  type ProviderName,
  startLocalPlatforms,
} from '../../tools/emulator/platforms/index.js'
import { root } from './blocks.js'

type Fields = Record<string, unknown>

/** The built functions in a local cloud, with local platforms behind it. */
export interface Cloud {
  platforms: LocalPlatforms
  cloud: LocalCloud
  /** As a server of the merchant's calls them; payment functions alone. */
  call(name: string, data: object): Promise<Fields>
}

export async function openCloud(
  t: Test,
  provider: ProviderName = 'weixin-v3',
  more: (platforms: LocalPlatforms) => Promise<Record<string, string>> = async () => ({}),
): Promise<Cloud> {
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const platforms = await startLocalPlatforms()
  t.teardown(() => platforms.close())
  const env = { ...platforms.settings(provider), ...(await more(platforms)) }
  const cloud = await startLocalCloud({ dist: join(root, 'dist'), env, store, log: () => undefined })
  t.teardown(() => cloud.close())
  const servers = openFc2(cloud.url)
  return {
    ...{ platforms, cloud },
    async call(name, data) {
      const answer = await servers.invokeFunction('unicloud-openapi-payment', name, JSON.stringify(data))
      return JSON.parse(String(answer.data)) as Fields
    },
  }
}
