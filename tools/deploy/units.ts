import { functionCompute } from '../clouds/index.js'
import type { Given } from './config/given.js'
import type { Project, ProjectFunction } from './config/project.js'
import { timerTrigger } from './config/schedule.js'
import type { HttpConfig, HttpEvent, TimerEvent } from './config/types.js'
import { DeployFailure } from './failure.js'

/** One function as the cloud knows it; a function of the project may become two. */
export interface Unit {
  /** Key of the function in serverless.yml. */
  key: string
  name: string
  /** The service it lives in, on FC 2.0. */
  service?: string
  entry: ProjectFunction
  triggers: UnitTrigger[]
}

interface UnitTrigger {
  name: string
  type: 'http' | 'timer'
  config: object
}

const ZONE = 'Asia/Shanghai'
const CLIENT_METHODS = ['POST', 'OPTIONS'] as const

/** The functions of the project as they are to be in the cloud. Throws {@link DeployFailure}. */
export function unitsOf(project: Project, given: Given): Unit[] {
  const units = [...project.functions].flatMap(([key, entry]) => unitsOfOne(project, given, key, entry))
  checkNames(units)
  checkServices(units, project.provider.functionsPerService ?? functionCompute.functionsPerService.value)
  return units
}

function unitsOfOne(project: Project, given: Given, key: string, entry: ProjectFunction): Unit[] {
  const zone = project.provider.timeZone ?? ZONE
  const timers = entry.events
    .filter((event): event is TimerEvent => 'timer' in event)
    .map(({ timer }, index) => trigger('timer', index, timerTrigger(key, timer, zone)))
  const https = [...entry.events.filter((event): event is HttpEvent => 'http' in event)]
  if (https.length > 1) throw new DeployFailure('INVALID_EVENTS', `${key} has more than one http event`)
  const http = https[0]?.http ?? clientDoor(project, given, key, entry)
  const byUrl = http ? [trigger('http', 0, httpTrigger(http))] : []
  const isForEvents = timers.length > 0 || (entry.reach !== undefined && entry.reach !== 'callback')
  // A function of FC 2.0 answers URL calls or events, never both. FC 3.0 may hand an invocation of a function with an
  // HTTP trigger over as if it were a URL call, and a URL call is never a server's.
  if (byUrl.length > 0 && isForEvents) {
    return [
      { key, ...placed(project, entry.group, key), entry, triggers: timers },
      { key, ...placed(project, 'http', urlHalfOf(key)), entry, triggers: byUrl },
    ]
  }
  return [{ key, ...placed(project, entry.group, key), entry, triggers: [...timers, ...byUrl] }]
}

const trigger = (type: UnitTrigger['type'], index: number, config: object): UnitTrigger => ({
  name: index === 0 ? type : `${type}${index + 1}`,
  type,
  config,
})

const httpTrigger = ({ auth = 'anonymous', methods = ['GET', 'POST'] }: HttpConfig) => ({
  authType: auth,
  methods: [...methods],
})

/** CLIENT_HTTP opens the clients' functions to URL calls, which is what they have on Function Compute. */
function clientDoor(
  { provider }: Project,
  { settings }: Given,
  key: string,
  { reach, environment }: ProjectFunction,
): HttpConfig | undefined {
  const value = (name: 'CLIENT_HTTP' | 'OPENAPI_CLIENT_FUNCTIONS') =>
    environment?.[name] ?? provider.environment?.[name] ?? settings[name] ?? ''
  if (!/^(on|1|true|yes)$/i.test(value('CLIENT_HTTP').trim())) return undefined
  const clientFunctions = value('OPENAPI_CLIENT_FUNCTIONS').split(',')
  const isOpen =
    reach === 'client' || (reach === 'optIn' && clientFunctions.some((name) => name.trim() === key))
  return isOpen ? { auth: 'anonymous', methods: CLIENT_METHODS } : undefined
}

const URL_HALF = 'Http'

/** What the half for URL calls is called, of a function that has one beside its own. */
const urlHalfOf = (key: string): string => `${key}${URL_HALF}`

/** A name may be a function's own, or that of its half for URL calls. */
export const keysOf = (name: string): string[] => [
  name,
  ...(name.endsWith(URL_HALF) ? [name.slice(0, -URL_HALF.length)] : []),
]

/** FC 2.0 keeps stages apart by services, FC 3.0, which has none, by names. */
function placed(
  { fc, stage, provider }: Project,
  group: string,
  name: string,
): Pick<Unit, 'name' | 'service'> {
  if (fc === 2) return { name, service: `${prefixOf(provider.prefix, fc)}-${group}-${stage}` }
  return { name: `${prefixOf(provider.prefix, fc)}-${stage}-${name}` }
}

/** Shorter on FC 3.0, where it counts among the 64 characters of a function's name. */
export const prefixOf = (given: string | undefined, fc: 2 | 3): string =>
  given ?? (fc === 2 ? 'unicloud-openapi' : 'openapi')

const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/

function checkNames(units: readonly Unit[]): void {
  const wrong = units.find(({ name }) => !NAME.test(name))
  if (wrong === undefined) return
  throw new DeployFailure(
    'INVALID_NAME',
    `${wrong.name} cannot be a function's name (letters, digits, _ and -, at most 64): shorten provider.prefix or the stage`,
  )
}

function checkServices(units: readonly Unit[], limit: number): void {
  const counts = new Map<string, number>()
  for (const { service } of units) {
    if (service !== undefined) counts.set(service, (counts.get(service) ?? 0) + 1)
  }
  for (const [service, count] of counts) {
    if (count <= limit) continue
    throw new DeployFailure(
      'TOO_MANY_FUNCTIONS',
      `${service} would hold ${count} functions; Function Compute 2.0 allows ${limit} in a service. Leave some out ` +
        `(provider.only), move some to another group (functions.<name>.group), or have the quota raised and say so ` +
        `(provider.functionsPerService).`,
    )
  }
}
