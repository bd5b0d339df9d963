import { createRequire } from 'node:module'
import { fcServiceOf } from '../emulator/cloud/limits.js'
import type { MiniProgram } from './miniProgram.js'
import type { DemoSetup } from './setup.js'

export type Fields = Record<string, unknown>

/** From Alice's phone. */
export const call = async (phone: MiniProgram, name: string, data: object): Promise<Fields> =>
  succeeded((await phone.callFunction({ name, data })).result)

/** The merchant's server is outside of the cloud, so it calls through Function Compute's signed API. */
export async function callAsServer(
  { cloud }: Pick<DemoSetup, 'cloud'>,
  name: string,
  data: object,
): Promise<Fields> {
  const service = fcServiceOf('payment')
  const { data: answer } = await openFc2(cloud.url).invokeFunction(service, name, JSON.stringify(data))
  return succeeded(JSON.parse(String(answer)))
}

/** The answer of a function, or its error as an error. */
export function succeeded(answer: unknown): Fields {
  const fields = { ...(answer as Fields) }
  if (fields.errCode !== 0) throw new Error(`${fields.errCode}: ${fields.errMsg}`)
  return fields
}

export function expect(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise)
}

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
