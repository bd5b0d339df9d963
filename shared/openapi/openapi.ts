import { type SettingName, settingInfo } from '../config/index.js'
import { invalidParam } from '../errors/index.js'
import { operations } from '../generated/operations.js'
import { freeMap, object, optional, text } from '../operation/fields.js'
import type { Context, Operation } from '../operation/index.js'
import { clientDoor } from '../runtime/client/door.js'
import { settingsOf } from '../runtime/invocation.js'

const input = object({
  api: text({ max: 100, like: 'the dotted name of an operation, such as wxacode.get' }),
  data: optional(freeMap('an object, what the function of that operation would be given'), {}),
})

/**
 * One function for all operations that a client or a server calls, where a space allows few functions. It is no way
 * around anything: the call goes on through the same door as to the operation's own function, with the same data,
 * `sessionToken` included, and the operation sees only the settings it declares. Callbacks and timers have doors of
 * their own and cannot be reached through this one.
 */
export const openapi = {
  name: 'openapi',
  doc: 'https://doc.dcloud.net.cn/uniCloud/cf-functions.html',
  title: {
    en: 'Call any operation by its dotted name, under the rules of its own function',
    zh: '按接口名调用任意接口，规则与其独立云函数相同',
  },
  input,
  reach: 'client',
  session: 'none',
  repeat: 'never',
  settings: Object.keys(settingInfo) as SettingName[],
  async run({ api, data }, context): Promise<unknown> {
    const operation = await find(api)
    context.note('openapi', { api })
    const { source, client } = context
    const arrival = { source, input: data, ...(client ? { client } : {}) }
    return clientDoor.enter(operation, arrival, scopedTo(operation, context))
  },
} satisfies Operation<typeof input>

async function find(api: string): Promise<Operation> {
  const load = Object.hasOwn(operations, api) ? operations[api] : undefined
  if (load) return load()
  throw invalidParam(
    'api',
    `no operation called ${JSON.stringify(api)} can be called here; docs/api.md lists all`,
  )
}

const scopedTo = (operation: Operation, context: Context): Context => ({
  ...context,
  settings: context.settings.scopedTo(settingsOf(operation, clientDoor)),
})
