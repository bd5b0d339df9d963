import { operations } from '../../../shared/openapi/operations.js'
import { functionName, type Operation } from '../../../shared/operation/index.js'
import { isLoopback } from '../accounts.js'
import { check } from '../check.js'
import type { Finding, Say } from '../finding.js'
import { clientsRemarks } from '../remarks/clients.js'
import type { World } from '../world.js'

type Code = keyof typeof clientsRemarks

export const clients = check({
  id: 'clients',
  title: { en: 'What clients may do', zh: '客户端权限' },
  remarks: clientsRemarks,
  async run(world, say) {
    const found = [...origins(world, say), ...(await clientFunctions(world, say))]
    if (world.settings.isOn('ALLOW_CLIENT_PRICING')) found.push(say('pricing-on'))
    return found.length > 0 ? found : [say('fine')]
  },
})

const listed = ({ settings }: World, name: 'CLIENT_ORIGINS' | 'OPENAPI_CLIENT_FUNCTIONS'): string[] =>
  (settings.get(name) ?? '').split(',').flatMap((each) => each.trim() || [])

function origins(world: World, say: Say<Code>): Finding[] {
  const given = listed(world, 'CLIENT_ORIGINS')
  if (given.length === 0) return []
  const unused = world.settings.isOn('CLIENT_HTTP') ? [] : [say('origins-unused')]
  const faults = given.flatMap((origin) => {
    // The browser's own way of writing it is the only one that will ever match.
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      return [say('origin-malformed', { origin })]
    const { protocol, hostname } = new URL(origin)
    return protocol === 'http:' && !isLoopback(hostname) ? [say('origin-in-the-clear', { origin })] : []
  })
  return [...unused, ...faults]
}

async function clientFunctions(world: World, say: Say<Code>): Promise<Finding[]> {
  const names = listed(world, 'OPENAPI_CLIENT_FUNCTIONS')
  if (names.length === 0) return []
  const reaches = new Map<string, Operation['reach']>()
  for (const [dotted, load] of Object.entries(operations)) {
    const name = functionName(dotted)
    if (names.includes(name)) reaches.set(name, (await load()).reach)
  }
  return names.flatMap((name) => {
    const reach = reaches.get(name)
    if (reach === undefined) return [say('function-unknown', { name })]
    return reach === 'server' || reach === 'callback' ? [say('function-server-only', { name })] : []
  })
}
