import { type Fields, listAll } from '../cloud/api.js'
import { domainNamed, domainPath, routesIn } from '../cloud/domain.js'
import type { Backend, Deployed, Kind } from '../cloud/resource.js'
import { AT_ONCE, inParallel, type Phase, type Step } from './steps.js'

/** What is to go of what this project and stage have deployed. */
export interface Removal {
  deployed: readonly Deployed[]
  goes(deployed: Deployed): boolean
  /** Whether our routes on this domain go. */
  domainGoes(name: string): boolean
}

/**
 * The phases of a removal: routes first, so that nobody is led to a function that is gone, then functions with their
 * triggers, then services that hold nothing any more.
 */
export async function removalPhases(
  backend: Backend,
  { deployed, goes, domainGoes }: Removal,
): Promise<Phase[]> {
  const going = deployed.filter((each) => each.kind === 'function' && goes(each))
  const functions = await inParallel(going, AT_ONCE, async (each) => [
    ...(await triggerRemovals(backend, each)),
    removal(each),
  ])
  const services = deployed.filter((each) => {
    const empties = going.filter(({ path }) => path.startsWith(`${each.path}/`)).length === each.holds
    return each.kind === 'service' && empties && goes(each)
  })
  return [await domainSteps(backend, domainGoes), functions, services.map((each) => [removal(each)])]
}

const removal = ({ kind, label, path }: Pick<Deployed, 'label' | 'path'> & { kind: Kind }): Step => ({
  act: 'delete',
  ...{ kind, label, path },
})

/** A function with triggers cannot be removed. */
async function triggerRemovals({ api }: Backend, { label, path }: Deployed): Promise<Step[]> {
  const triggers = await listAll(api, `${path}/triggers`, 'triggers')
  return triggers.map(({ triggerName }) => strayTrigger(label, path, String(triggerName)))
}

export const strayTrigger = (label: string, functionPath: string, name: string): Step => ({
  act: 'delete',
  kind: 'trigger',
  label: `${label} ${name}`,
  path: `${functionPath}/triggers/${name}`,
})

/** Domains that lead here and should not lose those routes, and go when they have no others. */
async function domainSteps(backend: Backend, domainGoes: (name: string) => boolean): Promise<Phase> {
  const domains = await listAll(backend.api, '/custom-domains', 'customDomains')
  return domains.flatMap((domain) => {
    const name = String(domain.domainName)
    const others = routesIn(domain).filter((route) => !backend.isOurRoute(route))
    if (others.length === routesIn(domain).length || !domainGoes(name)) return []
    return [[others.length > 0 ? withRoutes(name, others, domain) : wholeDomain(name)]]
  })
}

const wholeDomain = (name: string): Step => removal({ kind: 'domain', label: name, path: domainPath(name) })

const withRoutes = (name: string, routes: Fields[], before: Fields): Step => ({
  act: 'update',
  resource: domainNamed(name, routes),
  changes: [{ key: 'routeConfig', text: 'routes' }],
  before,
})
