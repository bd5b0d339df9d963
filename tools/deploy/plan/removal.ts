import { type Fields, listAll } from '../cloud/api.js'
import { domainNamed, domainPath, routesIn } from '../cloud/domain.js'
import type { Backend, Deployed } from '../cloud/resource.js'
import { inParallel } from './parallel.js'
import { AT_ONCE, type Phase, type Step } from './steps.js'

/**
 * Phases that remove what this project and stage have deployed and `keeps` does not want: routes first, so that nobody
 * is led to a function that is gone, then functions with their triggers, then services.
 */
export async function removalPhases(backend: Backend, keeps: (path: string) => boolean): Promise<Phase[]> {
  const unwanted = (await backend.deployed()).filter(({ path }) => !keeps(path))
  const ofKind = (kind: Deployed['kind']) => unwanted.filter((each) => each.kind === kind)
  const functions = await inParallel(ofKind('function'), AT_ONCE, async (each) => [
    ...(await triggerRemovals(backend, each)),
    removal(each),
  ])
  const services = ofKind('service').map((each) => [removal(each)])
  return [await domainSteps(backend, keeps), functions, services]
}

const removal = ({ kind, label, path }: Deployed): Step => ({ act: 'delete', kind, label, path })

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

/** Domains that lead here and are not wanted lose those routes, and go when they have no others. */
async function domainSteps(backend: Backend, keeps: (path: string) => boolean): Promise<Phase> {
  const domains = await listAll(backend.api, '/custom-domains', 'customDomains')
  return domains.flatMap((domain) => {
    const name = String(domain.domainName)
    const others = routesIn(domain).filter((route) => !backend.isOurRoute(route))
    if (others.length === routesIn(domain).length || keeps(domainPath(name))) return []
    return [[others.length > 0 ? withRoutes(name, others, domain) : removal(wholeDomain(name))]]
  })
}

const wholeDomain = (name: string): Deployed => ({ kind: 'domain', label: name, path: domainPath(name) })

const withRoutes = (name: string, routes: Fields[], before: Fields): Step => ({
  act: 'update',
  resource: domainNamed(name, routes),
  changes: [{ key: 'routeConfig', text: 'routes' }],
  before,
})
