import { type Fields, ifThere, listAll } from '../cloud/api.js'
import { comparableDomain, domainPath, domainResource } from '../cloud/domain.js'
import type { Backend, Kind, Resource } from '../cloud/resource.js'
import type { Project } from '../config/project.js'
import type { Package } from '../package/packages.js'
import type { Unit } from '../units.js'
import { inParallel } from './parallel.js'
import { removalPhases, strayTrigger } from './removal.js'
import { AT_ONCE, type Plan, type Step, stepsFor, withoutGaps } from './steps.js'

export interface Wanted {
  project: Project
  units: readonly Unit[]
  packages: ReadonlyMap<string, Package>
  /** One function alone: its service and triggers are looked after, the domain and all the rest are left. */
  isSingle?: boolean
  /** Upload code even where it is the same. */
  force?: boolean
  /** Leave the code as it is. */
  configOnly?: boolean
}

/** Compares what is wanted with what is there. Changes nothing. */
export async function planOf(wanted: Wanted, backend: Backend): Promise<Plan> {
  const { project, units, isSingle } = wanted
  const wantedServices = backend.services(units)
  const services = await inParallel(wantedServices, AT_ONCE, async (service) =>
    stepsFor(service, await current(backend, service.kind, service.path)),
  )
  const functions = await inParallel(units, AT_ONCE, (unit) => stepsOfUnit(unit, wanted, backend))
  const domain = isSingle ? [] : await domainSteps(wanted, backend)
  const kept = new Set([
    ...wantedServices.map(({ path }) => path),
    ...units.map(backend.functionPath),
    ...(project.provider.domain ? [domainPath(project.provider.domain.name)] : []),
  ])
  const isWhole = !isSingle && !project.isPartial
  const unused = isWhole ? await removalPhases(backend, (path) => kept.has(path)) : []
  const settled = [...services, ...functions.map(({ steps }) => steps)]
  return {
    phases: withoutGaps([services, functions.map(({ steps }) => steps), [domain]]),
    removals: withoutGaps([functions.map(({ strays }) => strays), ...unused]),
    unchanged: settled.filter((steps) => steps.length === 0).length,
  }
}

async function current(backend: Backend, kind: Kind, path: string): Promise<Fields | undefined> {
  const answer = await ifThere(backend.api.call('GET', path))
  return answer && backend.read(kind, answer)
}

/** The function first, then its triggers, which are made inside it; strays are triggers of ours no longer asked for. */
async function stepsOfUnit(
  unit: Unit,
  wanted: Wanted,
  backend: Backend,
): Promise<{ steps: Step[]; strays: Step[] }> {
  const code = wanted.packages.get(unit.key)
  if (code === undefined) throw new Error(`${unit.key} was not packed`)
  const resource = backend.functionOf(unit, code)
  const before = await current(backend, 'function', resource.path)
  const steps = stepsFor(resource, before)
  if (before !== undefined && isCodeDue(wanted, resource, before)) addCode(steps, resource, before)
  const triggers = backend.triggersOf(unit, resource.path)
  const there =
    before === undefined ? [] : await listAll(backend.api, `${resource.path}/triggers`, 'triggers')
  for (const trigger of triggers) {
    const found = there.find(({ triggerName }) => triggerName === trigger.identity.triggerName)
    steps.push(...stepsFor(trigger, found && backend.read('trigger', found)))
  }
  const names = new Set(triggers.map(({ identity }) => identity.triggerName))
  const strays = there
    .map(({ triggerName }) => String(triggerName))
    .filter((name) => !names.has(name) && /^(timer|http)\d*$/.test(name))
  return { steps, strays: strays.map((name) => strayTrigger(unit.name, resource.path, name)) }
}

const isCodeDue = ({ force, configOnly }: Wanted, { code }: Resource, { codeChecksum }: Fields): boolean =>
  !configOnly && (force === true || codeChecksum !== code?.checksum)

function addCode(steps: Step[], resource: Resource, before: Fields): void {
  const change = { key: 'code', text: 'code' }
  const [step] = steps
  if (step?.act === 'update') step.changes.unshift(change)
  else steps.push({ act: 'update', resource, changes: [change], before })
}

async function domainSteps({ project, units }: Wanted, backend: Backend): Promise<Step[]> {
  const name = project.provider.domain?.name
  if (name === undefined) return []
  const before = await current(backend, 'domain', domainPath(name))
  const resource = domainResource(project, units, backend, before)
  if (resource === undefined) return []
  const steps = stepsFor(resource, before && comparableDomain(backend, before))
  // What is put back after a failure is the domain as it was, not as it was compared.
  return steps.map((step) => (step.act === 'update' && before ? { ...step, before } : step))
}
