import { createRequire } from 'node:module'

/** As much of the published `@alicloud/fc2` as is used here; the package has no types. */
export interface Fc2Client {
  invokeFunction(
    service: string,
    name: string,
    event: string | Buffer | null,
    headers?: Record<string, string>,
    qualifier?: string,
    options?: { rawBuf?: boolean },
  ): Promise<{ headers: Record<string, string>; data: string | Buffer }>
  get(path: string): Promise<unknown>
}

interface Fc2Config {
  accessKeyID: string
  accessKeySecret: string
  region: string
  endpoint: string
}

type Fc2 = new (accountId: string, config: Fc2Config) => Fc2Client

const Client = createRequire(import.meta.url)('@alicloud/fc2') as Fc2

/** The published Alibaba SDK, pointed at the local cloud. */
export const openFc2 = (endpoint: string, changes: Partial<Fc2Config> = {}): Fc2Client =>
  new Client('local', {
    ...{ accessKeyID: 'local', accessKeySecret: 'local-secret', region: 'local', endpoint },
    ...changes,
  })
