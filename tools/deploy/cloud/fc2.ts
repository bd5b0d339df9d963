import type { Access } from '../config/access.js'
import type { Project } from '../config/project.js'
import type { Package } from '../package/packages.js'
import { keysOf, prefixOf, type Unit } from '../units.js'
import { type Api, type Fields, listAll } from './api.js'
import {
  type Backend,
  type Deployed,
  functionBody,
  isMarked,
  marked,
  type Resource,
  roleNetworkAndLog,
  triggerResources,
} from './resource.js'

/** Function Compute 2.0: functions live in services, which hold their role, network and log. */
export class FunctionCompute2 implements Backend {
  readonly title = 'Function Compute 2.0'
  private readonly prefix: string

  constructor(
    private readonly project: Project,
    private readonly access: Access,
    readonly api: Api,
  ) {
    this.prefix = `${prefixOf(project.provider.prefix, 2)}-`
  }

  services(units: readonly Unit[]): Resource[] {
    const names = [...new Set(units.flatMap(({ service }) => service ?? []))].sort()
    return names.map((name) => ({
      kind: 'service',
      label: name,
      collection: '/services',
      path: `/services/${name}`,
      identity: { serviceName: name },
      body: {
        description: marked(this.project, 'WeChat and Alipay functions'),
        ...roleNetworkAndLog(this.project),
      },
    }))
  }

  functionPath({ service = '', name }: Unit): string {
    return `${functionsOf(service)}/${name}`
  }

  functionOf(unit: Unit, code: Package): Resource {
    const { service = '', name } = unit
    return {
      kind: 'function',
      label: `${service}/${name}`,
      collection: functionsOf(service),
      path: this.functionPath(unit),
      identity: { functionName: name },
      body: functionBody(this.project, unit, code.variables),
      code,
    }
  }

  triggersOf(unit: Unit): Resource[] {
    return triggerResources(unit, this.functionPath(unit))
  }

  routeOf({ service, name }: Unit, path: string): Fields {
    return { path, serviceName: service, functionName: name }
  }

  isOurRoute({ serviceName }: Fields): boolean {
    return this.isOurs(String(serviceName))
  }

  keysBehind({ functionName }: Fields): readonly string[] {
    return keysOf(String(functionName))
  }

  read(_kind: unknown, answer: Fields): Fields {
    return answer
  }

  write(_kind: unknown, body: Fields): Fields {
    return body
  }

  async deployed(): Promise<Deployed[]> {
    const all = await listAll(this.api, '/services', 'services', { prefix: this.prefix })
    const names = all
      .filter((service) => isMarked(this.project, service))
      .map(({ serviceName }) => String(serviceName))
    const found = names.filter((name) => this.isOurs(name)).map((name) => this.deployedIn(name))
    return (await Promise.all(found)).flat()
  }

  private async deployedIn(service: string): Promise<Deployed[]> {
    const functions = await listAll(this.api, functionsOf(service), 'functions')
    const ours = functions.filter((each) => isMarked(this.project, each))
    return [
      {
        kind: 'service',
        label: service,
        path: `/services/${service}`,
        keys: [],
        holds: functions.length,
      },
      ...ours.map(({ functionName }) => deployedFunction(service, String(functionName))),
    ]
  }

  /** Newer triggers tell it themselves; the address is documented and the same for all. */
  urlOf({ service = '', name }: Unit): string {
    const { accountId, region } = this.access
    return `https://${accountId}.${region}.fc.aliyuncs.com/2016-08-15/proxy/${service}/${name}`
  }

  logQuery({ service = '', name }: Unit): { topic: string; query: string } {
    return { topic: service, query: name }
  }

  /** A stage has no dash, so that what follows the last one is the stage. */
  private isOurs(service: string): boolean {
    return service.startsWith(this.prefix) && service.endsWith(`-${this.project.stage}`)
  }
}

const functionsOf = (service: string): string => `/services/${service}/functions`

const deployedFunction = (service: string, name: string): Deployed => ({
  kind: 'function',
  label: `${service}/${name}`,
  path: `${functionsOf(service)}/${name}`,
  keys: keysOf(name),
})
