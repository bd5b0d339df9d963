import { type Fields, ifThere, listAll } from '../cloud/api.js'
import { AT_ONCE, inParallel } from '../plan/steps.js'
import { triggerText } from '../plan/text.js'
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
    ...notifyHint(session, found),
  ].join('\n')
}

interface Look {
  unit: Unit
  lines: string[]
  /** Where URL calls reach it. */
  url?: string | undefined
}

/** Where providers are to send their notices, where it is not set yet. */
function notifyHint({ project, given }: Session, found: readonly Look[]): string[] {
  const { domain, environment } = project.provider
  const callback = found.find(({ unit }) => unit.key === CALLBACK)
  const isSet = given.settings.NOTIFY_BASE_URL ?? environment?.NOTIFY_BASE_URL
  if (callback?.url === undefined || isSet !== undefined) return []
  const scheme = domain?.certificate || domain?.protocol?.includes('HTTPS') ? 'https' : 'http'
  const base = domain
    ? `${scheme}://${domain.name}${domain.path ?? ''}`
    : callback.url.replace(new RegExp(`/${CALLBACK}/?$`), '').replace(/\/$/, '')
  return [`NOTIFY_BASE_URL is not set; payments need it: NOTIFY_BASE_URL=${base}`]
}

/** The function to which NOTIFY_BASE_URL leads. */
const CALLBACK = 'verifyPaymentNotify'

async function lookAt(session: Session, unit: Unit): Promise<Look> {
  const backend = session.backend()
  const { api } = backend
  const path = backend.functionPath(unit)
  const there = await ifThere(api.call('GET', path))
  if (there === undefined) return { unit, lines: [] }
  const triggers = (await listAll(api, `${path}/triggers`, 'triggers')).map((each) =>
    backend.read('trigger', each),
  )
  const http = triggers.find(({ triggerType }) => triggerType === 'http')
  const place = unit.service === undefined ? unit.name : `${unit.service}/${unit.name}`
  return {
    unit,
    url: http && backend.urlOf(unit, http),
    lines: [
      `  ${place}: ${String(there.memorySize)} MB, ${String(there.timeout)} s, ${String(there.runtime)}`,
      ...triggers.map((trigger) => `    ${triggerLine(trigger, backend.urlOf(unit, trigger))}`),
    ],
  }
}

function triggerLine(trigger: Fields, url: string | undefined): string {
  const text = triggerText((trigger.triggerConfig ?? {}) as object)
  return trigger.triggerType === 'http' ? `${text} ${url ?? ''}`.trim() : text
}
