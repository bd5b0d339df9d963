import type { Backend } from '../cloud/resource.js'
import type { Project } from '../config/project.js'
import type { TimerTriggerConfig } from '../config/schedule.js'
import { type Plan, type Step, stepsIn } from './steps.js'

const SIGNS = { create: '+', update: '~', delete: '-' } as const
const VERBS = { create: 'creating', update: 'changing', delete: 'removing' } as const
const PAST = { create: 'created', update: 'changed', delete: 'removed' } as const

/** The plan for people, without a single value of a variable. */
export function planText(plan: Plan, project: Project, backend: Backend): string {
  const where = `stage ${project.stage} in ${project.provider.region}, ${backend.title}`
  const steps = stepsIn(plan)
  const same = plan.unchanged > 0 ? `${plan.unchanged} unchanged` : ''
  const left =
    plan.left.length > 0
      ? [`  The project names these no more, they stay until --prune: ${plan.left.join(', ')}`]
      : []
  if (steps.length === 0) {
    return [`Nothing to do for ${where}: ${same || 'nothing is there'}.`, ...left].join('\n')
  }
  const lines = steps.map((step) => `  ${SIGNS[step.act]} ${nameOf(step)}${detail(step)}`)
  return [`Plan for ${where}:`, ...lines, ...(same ? [`  ${same}`] : []), ...left].join('\n')
}

export const nameOf = (step: Step): string =>
  step.act === 'delete' ? `${step.kind} ${step.label}` : `${step.resource.kind} ${step.resource.label}`

export const beginning = (step: Step): string => `${VERBS[step.act]} ${nameOf(step)}`

export const finished = (step: Step): string => `${PAST[step.act]} ${nameOf(step)}`

function detail(step: Step): string {
  if (step.act === 'delete') return ''
  if (step.act === 'update') return `: ${step.changes.map(({ text }) => text).join(', ')}`
  const { code, body } = step.resource
  if (code) return ` (${kilobytes(code.zip.length)})`
  return step.resource.kind === 'trigger' ? `: ${triggerText(body.triggerConfig as object)}` : ''
}

/** What a trigger does, in short. */
export function triggerText(config: object): string {
  if ('cronExpression' in config) {
    const { cronExpression, enable } = config as TimerTriggerConfig
    return enable ? cronExpression : `${cronExpression} (off)`
  }
  const { authType, methods = [] } = config as { authType?: string; methods?: string[] }
  return `${methods.join(', ')} (${authType})`
}

export const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1024)} KB`
