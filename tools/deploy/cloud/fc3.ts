import type { Project } from '../config/project.js'
import { prefixOf } from '../units.js'
import { type Api, type Fields, listAll } from './api.js'
import { type Backend, functionBody, isMarked, surroundings } from './resource.js'

/** Function Compute 3.0: no services; a function answers events, timers and URL calls alike. */
export function functionCompute3(project: Project, api: Api): Backend {
  const prefix = `${prefixOf(project.provider.prefix, 3)}-${project.stage}-`
  const backend: Backend = {
    title: 'Function Compute 3.0',
    api,
    services: () => [],
    functionPath: ({ name }) => `/functions/${name}`,
    functionOf(unit, code) {
      const body = functionBody(project, unit, code.variables)
      const cpu = unit.entry.cpu ?? cpuFor(Number(body.memorySize))
      return {
        kind: 'function',
        label: unit.name,
        collection: '/functions',
        path: backend.functionPath(unit),
        identity: { functionName: unit.name },
        body: { ...body, cpu, diskSize: DISK_MB, ...surroundings(project) },
        code,
      }
    },
    triggersOf: ({ name, triggers }, path) =>
      triggers.map((trigger) => ({
        kind: 'trigger',
        label: `${name} ${trigger.name}`,
        collection: `${path}/triggers`,
        path: `${path}/triggers/${trigger.name}`,
        identity: { triggerName: trigger.name, triggerType: trigger.type, qualifier: 'LATEST' },
        body: { triggerConfig: trigger.config },
      })),
    routeOf: ({ name }, path) => ({ path, functionName: name }),
    isOurRoute: ({ functionName }) => String(functionName).startsWith(prefix),
    keysBehind: ({ functionName }) => [String(functionName).slice(prefix.length)],
    read: (kind, answer) =>
      kind === 'trigger' ? { ...answer, triggerConfig: parsed(answer.triggerConfig) } : answer,
    write: (kind, body) =>
      kind === 'trigger' ? { ...body, triggerConfig: JSON.stringify(body.triggerConfig) } : body,
    async deployed() {
      const functions = await listAll(api, '/functions', 'functions', { prefix })
      return functions
        .filter((each) => isMarked(project, each))
        .map(({ functionName }) => ({
          kind: 'function',
          label: String(functionName),
          path: `/functions/${String(functionName)}`,
          keys: [String(functionName).slice(prefix.length)],
        }))
    },
    urlOf: (_unit, trigger) => {
      const { urlInternet } = (trigger?.httpTrigger ?? {}) as { urlInternet?: string }
      return urlInternet
    },
    logQuery: ({ name }) => ({ topic: `FCLogs:${name}`, query: '*' }),
  }
  return backend
}

/** The smaller of the two sizes there are, in MB. */
const DISK_MB = 512

/** vCPUs for a memory in MB: multiples of 0.05 with 1 to 4 GB each; half a core per GB, as 2.0 gives. */
const cpuFor = (memory: number): number => Math.max(1, Math.ceil(memory / 1024 / 2 / 0.05 - 1e-9)) / 20

/** Trigger configurations travel as text in this version. */
function parsed(text: unknown): Fields {
  try {
    return JSON.parse(String(text)) as Fields
  } catch {
    return {}
  }
}
