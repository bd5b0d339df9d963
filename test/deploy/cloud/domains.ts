import { invalid, missing, taken } from './refusal.js'
import type { Fields } from './rules.js'

export type Domains = Map<string, Fields>

/** Custom domains, alike in both versions. `has` says whether a route leads anywhere. */
export function domainCall(
  domains: Domains,
  method: string,
  name: string | undefined,
  body: Fields,
  has: (route: Fields) => boolean,
): Fields | undefined {
  if (name === undefined) {
    if (method === 'GET') return { customDomains: [...domains.values()].map(shown) }
    const domain = String(body.domainName)
    if (domains.has(domain)) throw taken('DomainName', domain)
    domains.set(domain, checked(body, has))
    return shown(body)
  }
  const before = domains.get(name)
  if (!before) throw missing('DomainName', name)
  if (method === 'PUT') domains.set(name, checked({ ...before, ...body }, has))
  if (method === 'DELETE') domains.delete(name)
  return method === 'DELETE' ? undefined : shown(domains.get(name) ?? {})
}

const routesOf = ({ routeConfig }: Fields): Fields[] => (routeConfig as { routes?: Fields[] })?.routes ?? []

function checked(domain: Fields, has: (route: Fields) => boolean): Fields {
  const { certName, certificate, privateKey } = (domain.certConfig ?? {}) as Record<string, string>
  const isTls = String(domain.protocol).includes('HTTPS')
  if (isTls && !(certName && certificate && privateKey)) throw invalid('HTTPS needs a certificate')
  for (const route of routesOf(domain))
    if (!has(route)) throw invalid(`route ${String(route.path)} leads nowhere`)
  return domain
}

/** Private keys are never told, and routes come back with members of the API's own. */
function shown(domain: Fields): Fields {
  const { privateKey: _, ...certConfig } = (domain.certConfig ?? {}) as Fields
  const routes = routesOf(domain).map((route) => ({
    qualifier: 'LATEST',
    methods: ['GET', 'POST'],
    ...route,
  }))
  return { ...domain, certConfig, routeConfig: { routes }, createdTime: '2026-01-01T00:00:00Z' }
}
