import { functionNamed } from '../config/project.js'
import { DeployFailure } from '../failure.js'
import { textOption } from '../framework.js'
import type { Session } from '../session.js'
import type { Unit } from '../units.js'
import { eventOf, readable } from './event.js'

/** `invoke -f NAME`: runs a deployed function with the rank of the merchant's own server. */
export async function invokeCommand(session: Session): Promise<void> {
  const { options } = session
  const unit = unitFor(session)
  const isAsync = /^(event|async)$/i.test(textOption(options, 'type') ?? '')
  const headers = {
    ...(isAsync ? { 'x-fc-invocation-type': 'Async' } : {}),
    ...(options.log === true && !isAsync ? { 'x-fc-log-type': 'Tail' } : {}),
  }
  session.progress(`Invoking ${unit.name}`)
  const backend = session.backend()
  const answer = await backend.api.invoke(
    `${backend.functionPath(unit)}/invocations`,
    Buffer.from(eventOf(session)),
    headers,
  )
  const log = answer.headers['x-fc-log-result']
  if (log !== undefined) session.say(Buffer.from(log, 'base64').toString())
  const text = readable(answer.body.toString())
  const failed = answer.headers['x-fc-error-type']
  if (failed !== undefined)
    throw new DeployFailure('FUNCTION_FAILED', `${unit.name} failed (${failed}):\n${text}`)
  session.answer(isAsync ? `${unit.name} was started` : text)
}

function unitFor({ project, options, units }: Session): Unit {
  const [key, { reach }] = functionNamed(project, options)
  const unit = units.find((each) => each.key === key)
  if (unit && reach !== 'callback') return unit
  throw new DeployFailure('NOT_INVOCABLE', `${key} answers URL calls only; serverless info shows its address`)
}
