import type { Project } from '../config/project.js'
import type { Package } from '../package/packages.js'
import { keysOf, prefixOf, type Unit } from '../units.js'
import { type Api, type Fields, listAll } from './api.js'
import {
  type Backend,
  type Deployed,
  functionBody,
  isMarked,
  type Kind,
  type Resource,
  roleNetworkAndLog,
  triggerResources,
} from './resource.js'

/** Function Compute 3.0: no services; names carry the stage. */
export class FunctionCompute3 implements Backend {
  readonly title = 'Function Compute 3.0'
  private readonly prefix: string

  constructor(
    private readonly project: Project,
    readonly api: Api,
  ) {
    this.prefix = `${prefixOf(project.provider.prefix, 3)}-${project.stage}-`
  }

  services(): Resource[] {
    return []
  }

  functionPath({ name }: Unit): string {
    return `/functions/${name}`
  }

  functionOf(unit: Unit, code: Package): Resource {
    const body = functionBody(this.project, unit, code.variables)
    const cpu = unit.entry.cpu ?? cpuFor(Number(body.memorySize))
    return {
      kind: 'function',
      label: unit.name,
      collection: '/functions',
      path: this.functionPath(unit),
      identity: { functionName: unit.name },
      body: { ...body, cpu, diskSize: DISK_MB, ...roleNetworkAndLog(this.project) },
      code,
    }
  }

  triggersOf(unit: Unit): Resource[] {
    return triggerResources(unit, this.functionPath(unit), { qualifier: 'LATEST' })
  }

  routeOf({ name }: Unit, path: string): Fields {
    return { path, functionName: name }
  }

  isOurRoute({ functionName }: Fields): boolean {
    return String(functionName).startsWith(this.prefix)
  }

  keysBehind({ functionName }: Fields): readonly string[] {
    return keysOf(String(functionName).slice(this.prefix.length))
  }

  /** Trigger configurations travel as text in this version. */
  read(kind: Kind, answer: Fields): Fields {
    return kind === 'trigger' ? { ...answer, triggerConfig: parsed(answer.triggerConfig) } : answer
  }

  write(kind: Kind, body: Fields): Fields {
    return kind === 'trigger' ? { ...body, triggerConfig: JSON.stringify(body.triggerConfig) } : body
  }

  async deployed(): Promise<Deployed[]> {
    const functions = await listAll(this.api, '/functions', 'functions', { prefix: this.prefix })
    return functions
      .filter((each) => isMarked(this.project, each))
      .map(({ functionName }) => String(functionName))
      .map((name) => ({
        kind: 'function',
        label: name,
        path: `/functions/${name}`,
        keys: keysOf(name.slice(this.prefix.length)),
      }))
  }

  urlOf(_unit: Unit, trigger: Fields | undefined): string | undefined {
    const { urlInternet } = (trigger?.httpTrigger ?? {}) as { urlInternet?: string }
    return urlInternet
  }

  logQuery({ name }: Unit): { topic: string; query: string } {
    return { topic: `FCLogs:${name}`, query: '*' }
  }
}

/** The smaller of the two sizes there are, in MB. */
const DISK_MB = 512

/** vCPUs for a memory in MB: multiples of 0.05 with 1 to 4 GB each; half a core per GB. */
const cpuFor = (memory: number): number => Math.max(1, Math.ceil(memory / 1024 / 2 / 0.05 - 1e-9)) / 20

function parsed(text: unknown): Fields {
  try {
    return JSON.parse(String(text)) as Fields
  } catch {
    return {}
  }
}
