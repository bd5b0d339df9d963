import { type Fields, ifThere, listAll } from '../cloud/api.js'
import { inParallel } from '../plan/parallel.js'
import { AT_ONCE } from '../plan/steps.js'
import { triggerText } from '../plan/words.js'
import type { Session } from '../session.js'
import type { Unit } from '../units.js'

/** `info`: what is deployed, with its addresses and timers. */
export async function infoCommand(session: Session): Promise<void> {
  session.answer(await describe(session))
}

export async function describe(session: Session): Promise<string> {
  const { project, units } = session
  const backend = session.backend()
  const found = await inParallel(units, AT_ONCE, (unit) => lookAt(session, unit))
  const deployed = found.filter(({ lines }) => lines.length > 0)
  const missing = found.filter(({ lines }) => lines.length === 0).map(({ unit }) => unit.name)
  const { domain } = project.provider
  return [
    `${project.name}, stage ${project.stage}, ${project.provider.region}, ${backend.title}`,
    ...(domain ? [`domain: ${domain.name}${domain.path ?? ''}`] : []),
    `functions: ${deployed.length}`,
    ...deployed.flatMap(({ lines }) => lines),
    ...(missing.length > 0 ? [`not deployed: ${missing.join(', ')}`] : []),
  ].join('\n')
}

interface Look {
  unit: Unit
  lines: string[]
}

async function lookAt(session: Session, unit: Unit): Promise<Look> {
  const { api, functionPath, read, urlOf } = session.backend()
  const path = functionPath(unit)
  const there = await ifThere(api.call('GET', path))
  if (there === undefined) return { unit, lines: [] }
  const triggers = (await listAll(api, `${path}/triggers`, 'triggers')).map((each) => read('trigger', each))
  const place = unit.service === undefined ? unit.name : `${unit.service}/${unit.name}`
  return {
    unit,
    lines: [
      `  ${place}: ${String(there.memorySize)} MB, ${String(there.timeout)} s, ${String(there.runtime)}`,
      ...triggers.map((trigger) => `    ${triggerLine(trigger, urlOf(unit, trigger))}`),
    ],
  }
}

function triggerLine(trigger: Fields, url: string | undefined): string {
  const text = triggerText((trigger.triggerConfig ?? {}) as object)
  return trigger.triggerType === 'http' ? `${text} ${url ?? ''}`.trim() : text
}
