import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Project } from '../config/project.js'
import type { DomainConfig } from '../config/types.js'
import { DeployFailure } from '../failure.js'
import type { Unit } from '../units.js'
import type { Fields } from './api.js'
import type { Backend, Resource } from './resource.js'

export const domainPath = (name: string): string => `/custom-domains/${name}`

/**
 * The custom domain, if one is asked for: every function with a URL under its own path. `current` is the domain as it
 * is; routes of other projects and stages stay, and of ours those that `mayGo` does not give away.
 */
export function domainResource(
  project: Project,
  units: readonly Unit[],
  backend: Backend,
  current: Fields | undefined,
  mayGo: (keys: readonly string[]) => boolean,
): Resource | undefined {
  const { domain } = project.provider
  if (domain === undefined) return undefined
  const ours = units.flatMap((unit) => routesOf(unit, domain.path ?? '', backend))
  const paths = new Set(ours.map(({ path }) => path))
  const others = routesIn(current)
    .filter(
      (route) => !paths.has(route.path) && !(backend.isOurRoute(route) && mayGo(backend.keysBehind(route))),
    )
    .map((route) => (backend.isOurRoute(route) ? plainRoute(route) : route))
  return {
    ...domainNamed(domain.name, [...others, ...ours]),
    body: {
      protocol: domain.protocol ?? (domain.certificate ? 'HTTP,HTTPS' : 'HTTP'),
      routeConfig: { routes: sorted([...others, ...ours]) },
      ...certificateOf(domain, project.folder),
    },
  }
}

/** A domain that is to serve `routes` and is otherwise left as it is. */
export const domainNamed = (name: string, routes: readonly Fields[]): Resource => ({
  kind: 'domain',
  label: name,
  collection: '/custom-domains',
  path: domainPath(name),
  identity: { domainName: name },
  body: { routeConfig: { routes: sorted(routes) } },
})

/** Callbacks carry provider and merchant behind their path, clients call exactly theirs. */
function routesOf(unit: Unit, prefix: string, backend: Backend): Fields[] {
  if (!unit.triggers.some(({ type }) => type === 'http')) return []
  const path = prefix + (unit.entry.path ?? `/${unit.key}`)
  const isExact = unit.entry.reach === 'client' || unit.entry.reach === 'optIn'
  return [backend.routeOf(unit, isExact ? path : `${path}/*`)]
}

export const routesIn = (domain: Fields | undefined): Fields[] =>
  (domain?.routeConfig as { routes?: Fields[] } | undefined)?.routes ?? []

/** A domain in the form in which {@link domainResource} says it: our routes without what the API adds to them. */
export function comparableDomain(backend: Backend, domain: Fields): Fields {
  const routes = routesIn(domain).map((route) => (backend.isOurRoute(route) ? plainRoute(route) : route))
  return { ...domain, routeConfig: { routes: sorted(routes) } }
}

const plainRoute = ({ path, serviceName, functionName }: Fields): Fields => ({
  path,
  ...(serviceName === undefined || serviceName === '' ? {} : { serviceName }),
  functionName,
})

const sorted = (routes: readonly Fields[]): Fields[] =>
  [...routes].sort((one, other) => (String(one.path) < String(other.path) ? -1 : 1))

function certificateOf({ certificate }: DomainConfig, folder: string): Fields {
  if (certificate === undefined) return {}
  const read = (file: string) => {
    try {
      return readFileSync(resolve(folder, file), 'utf8')
    } catch (cause) {
      throw new DeployFailure('NO_CERTIFICATE', `${file} of provider.domain.certificate cannot be read`, {
        cause,
      })
    }
  }
  const { name: certName, file, keyFile } = certificate
  return { certConfig: { certName, certificate: read(file), privateKey: read(keyFile) } }
}
