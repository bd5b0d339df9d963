import { join } from 'node:path'
import type { Test } from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { openFc2 } from '../../tools/demo/fcClient.js'
import { type Gateway, startGateway } from '../../tools/emulator/cloud/index.js'
import { type ProviderName, startTwin, type Twin } from '../../tools/emulator/platforms/index.js'
import { root } from './blocks.js'

type Fields = Record<string, unknown>

/** The built functions in a local cloud, before a twin. */
export interface Cloud {
  twin: Twin
  gateway: Gateway
  /** As a server of the merchant's calls them; payment functions alone. */
  call(name: string, data: object): Promise<Fields>
}

export async function openCloud(
  t: Test,
  provider: ProviderName = 'weixin-v3',
  more: (twin: Twin) => Promise<Record<string, string>> = async () => ({}),
): Promise<Cloud> {
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const twin = await startTwin()
  t.teardown(() => twin.close())
  const env = { ...twin.settings(provider), ...(await more(twin)) }
  const gateway = await startGateway({ dist: join(root, 'dist'), env, store, log: () => undefined })
  t.teardown(() => gateway.close())
  const servers = openFc2(gateway.url)
  return {
    ...{ twin, gateway },
    async call(name, data) {
      const answer = await servers.invokeFunction('unicloud-openapi-payment', name, JSON.stringify(data))
      return JSON.parse(String(answer.data)) as Fields
    },
  }
}
