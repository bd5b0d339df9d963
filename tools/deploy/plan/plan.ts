import { type Fields, ifThere, listAll } from '../cloud/api.js'
import { comparableDomain, domainPath, domainResource } from '../cloud/domain.js'
import type { Backend, Kind, Resource } from '../cloud/resource.js'
import type { Project } from '../config/project.js'
import type { Package } from '../package/packages.js'
import type { Unit } from '../units.js'
import { removalPhases, strayTrigger } from './removal.js'
import { AT_ONCE, inParallel, type Phase, type Plan, type Step, stepsFor, withoutGaps } from './steps.js'

export interface Wanted {
  project: Project
  units: readonly Unit[]
  packages: ReadonlyMap<string, Package>
  /** One function alone: its service and triggers are looked after, the domain and all the rest are left. */
  isSingle?: boolean
  /** Upload code even where it is the same. */
  force?: boolean
  /** Leave the code as it is; where it carries sealed settings it goes along. */
  configOnly?: boolean
  /** Remove functions that the project does not name any more. */
  prune?: boolean
}

/** Compares what is wanted with what is there. Changes nothing. */
export async function planOf(wanted: Wanted, backend: Backend): Promise<Plan> {
  const { units } = wanted
  const services = await inParallel(backend.services(units), AT_ONCE, async (service) =>
    stepsFor(service, await current(backend, service.kind, service.path)),
  )
  const functions = await inParallel(units, AT_ONCE, (unit) => stepsOfUnit(unit, wanted, backend))
  const mayGo = mayGoIn(wanted)
  const domain = wanted.isSingle ? [] : await domainSteps(wanted, backend, mayGo)
  const unused = await unusedOf(wanted, backend, mayGo)
  const all = [...services, ...functions.map(({ steps }) => steps)]
  return {
    phases: withoutGaps([services, functions.map(({ steps }) => steps), [domain]]),
    removals: withoutGaps([functions.map(({ strays }) => strays), ...unused.phases]),
    unchanged: all.filter((steps) => steps.length === 0).length,
    left: unused.left,
  }
}

type MayGo = (keys: readonly string[]) => boolean

/**
 * Which functions may be removed: those of the keys that are deployed now, when they are not wanted where they are (a
 * half that answered URL calls, another group); all others only where that was asked for, since a project that was not
 * built whole does not name them all.
 */
function mayGoIn({ units, prune, isSingle, project }: Wanted): MayGo {
  const known = new Set(units.map(({ key }) => key))
  const all = prune === true && !isSingle && !project.isPartial
  return (keys) => all || keys.some((key) => known.has(key))
}

async function unusedOf(
  { project, units, isSingle }: Wanted,
  backend: Backend,
  mayGo: MayGo,
): Promise<{ phases: Phase[]; left: string[] }> {
  const isWhole = !isSingle && !project.isPartial
  const wanted = new Set([
    ...units.map((unit) => backend.functionPath(unit)),
    ...backend.services(units).map(({ path }) => path),
  ])
  const deployed = await backend.deployed()
  const phases = await removalPhases(backend, {
    deployed,
    goes: ({ kind, path, keys }) => !wanted.has(path) && (kind === 'service' ? isWhole : mayGo(keys)),
    domainGoes: (name) => isWhole && name !== project.provider.domain?.name,
  })
  const left = deployed.filter(
    ({ kind, path, keys }) => kind === 'function' && !wanted.has(path) && !mayGo(keys),
  )
  return { phases, left: isWhole ? left.map(({ label }) => label) : [] }
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
  const triggers = backend.triggersOf(unit)
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
  (!configOnly || code?.isSealed === true) && (force === true || codeChecksum !== code?.checksum)

function addCode(steps: Step[], resource: Resource, before: Fields): void {
  const change = { key: 'code', text: 'code' }
  const [step] = steps
  if (step?.act === 'update') step.changes.unshift(change)
  else steps.push({ act: 'update', resource, changes: [change], before })
}

async function domainSteps({ project, units }: Wanted, backend: Backend, mayGo: MayGo): Promise<Step[]> {
  const name = project.provider.domain?.name
  if (name === undefined) return []
  const before = await current(backend, 'domain', domainPath(name))
  const resource = domainResource(project, units, backend, before, mayGo)
  if (resource === undefined) return []
  const steps = stepsFor(resource, before && comparableDomain(backend, before))
  // What is put back after a failure is the domain as it was, not as it was compared.
  return steps.map((step) => (step.act === 'update' && before ? { ...step, before } : step))
}
