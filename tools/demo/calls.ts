import { fcServiceOf } from '../emulator/cloud/identity.js'
import { openFc2 } from './fcClient.js'
import type { MiniProgram } from './miniProgram.js'
import type { Stage } from './stage.js'

export type Fields = Record<string, unknown>

/** From Alice's phone. */
export const call = async (phone: MiniProgram, name: string, data: object): Promise<Fields> =>
  succeeded((await phone.callFunction({ name, data })).result)

/** The merchant's server is outside of the cloud, so it calls through Function Compute's signed API. */
export async function callAsServer(
  { cloud }: Pick<Stage, 'cloud'>,
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
