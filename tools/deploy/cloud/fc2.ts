import type { Access } from '../config/access.js'
import type { Project } from '../config/project.js'
import { prefixOf } from '../units.js'
import { type Api, type Fields, listAll } from './api.js'
import {
  type Backend,
  type Deployed,
  functionBody,
  isMarked,
  marked,
  type Resource,
  surroundings,
} from './resource.js'

/** Function Compute 2.0: functions live in services, which hold their role, network and log. */
export function functionCompute2(project: Project, access: Access, api: Api): Backend {
  const functionsOf = (service: string) => `/services/${service}/functions`
  const isOurService = (name: string) =>
    name.startsWith(`${prefixOf(project.provider.prefix, 2)}-`) && name.endsWith(`-${project.stage}`)
  const backend: Backend = {
    title: 'Function Compute 2.0',
    api,
    services(units) {
      const names = [...new Set(units.flatMap(({ service }) => service ?? []))].sort()
      return names.map((name) => serviceOf(project, name))
    },
    functionPath: ({ service = '', name }) => `${functionsOf(service)}/${name}`,
    functionOf(unit, code) {
      const { service = '', name } = unit
      return {
        kind: 'function',
        label: `${service}/${name}`,
        collection: functionsOf(service),
        path: backend.functionPath(unit),
        identity: { functionName: name },
        body: functionBody(project, unit, code.variables),
        code,
      }
    },
    triggersOf: ({ name, triggers }, path) =>
      triggers.map((trigger) => ({
        kind: 'trigger',
        label: `${name} ${trigger.name}`,
        collection: `${path}/triggers`,
        path: `${path}/triggers/${trigger.name}`,
        identity: { triggerName: trigger.name, triggerType: trigger.type },
        body: { triggerConfig: trigger.config },
      })),
    routeOf: ({ service, name }, path) => ({ path, serviceName: service, functionName: name }),
    isOurRoute: ({ serviceName }) => isOurService(String(serviceName)),
    keysBehind: ({ functionName }) => keysOf(String(functionName)),
    read: (_kind, answer) => answer,
    write: (_kind, body) => body,
    async deployed() {
      const query = { prefix: `${prefixOf(project.provider.prefix, 2)}-` }
      const services = (await listAll(api, '/services', 'services', query)).filter(
        (service) => isMarked(project, service) && isOurService(String(service.serviceName)),
      )
      const found = services.map(async ({ serviceName }): Promise<Deployed[]> => {
        const name = String(serviceName)
        const functions = await listAll(api, functionsOf(name), 'functions')
        return [
          { kind: 'service', label: name, path: `/services/${name}`, keys: [], holds: functions.length },
          ...functions.filter((each) => isMarked(project, each)).map((each) => deployedFunction(name, each)),
        ]
      })
      return (await Promise.all(found)).flat()
    },
    // Announced for 2.0 as well, but older triggers do not carry it; the address itself is documented.
    urlOf: ({ service = '', name }) =>
      `https://${access.accountId}.${access.region}.fc.aliyuncs.com/2016-08-15/proxy/${service}/${name}`,
    logQuery: ({ service = '', name }) => ({ topic: service, query: name }),
  }
  return backend
}

const serviceOf = (project: Project, name: string): Resource => ({
  kind: 'service',
  label: name,
  collection: '/services',
  path: `/services/${name}`,
  identity: { serviceName: name },
  body: { description: marked(project, 'WeChat and Alipay functions'), ...surroundings(project) },
})

const deployedFunction = (service: string, { functionName }: Fields): Deployed => ({
  kind: 'function',
  label: `${service}/${String(functionName)}`,
  path: `/services/${service}/functions/${String(functionName)}`,
  keys: keysOf(String(functionName)),
})

/** A name may be a function's own, or that of its half for URL calls. */
const keysOf = (name: string): string[] => [name, ...(name.endsWith('Http') ? [name.slice(0, -4)] : [])]
