import { ApiError, type Fields, ifThere, isConflict } from '../cloud/api.js'
import type { Backend, Resource } from '../cloud/resource.js'
import { DeployFailure } from '../failure.js'
import { codeField, formerCode } from './code.js'
import { filled } from './differences.js'
import type { Step } from './steps.js'
import type { Done } from './undo.js'

/** Takes one step, and notes in the journal what taking it back would need. Throws what the API answers. */
export async function take(step: Step, backend: Backend, journal: Done[]): Promise<void> {
  const { api } = backend
  if (step.act === 'delete') {
    await ifThere(api.call('DELETE', step.path))
    return
  }
  const { path } = step.resource
  const done: Done =
    step.act === 'update' && step.changes.some(({ key }) => key === 'code')
      ? { step, formerCode: await formerCode(api, path, step.before.codeChecksum) }
      : { step }
  // Noted before it is tried: an answer that got lost may have been a success.
  journal.push(done)
  try {
    await (step.act === 'create' ? create(step, backend) : update(step, backend))
  } catch (error) {
    if (isRefusal(error)) journal.splice(journal.indexOf(done), 1)
    throw error
  }
}

/** The API has read the request and done nothing. */
const isRefusal = (error: unknown): boolean =>
  error instanceof ApiError && error.status !== undefined && error.status < 500

/** Something that exists by now was made by a try whose answer got lost, or by a deployment beside this one. */
async function create({ resource }: Extract<Step, { act: 'create' }>, backend: Backend): Promise<void> {
  const { kind, identity, code } = resource
  const body = { ...backend.write(kind, filled(resource.body)), ...(code ? codeField(code.zip) : {}) }
  try {
    checkArrival(
      resource,
      await backend.api.call('POST', resource.collection, { body: { ...identity, ...body } }),
    )
  } catch (error) {
    if (!isConflict(error)) throw error
    checkArrival(resource, await backend.api.call('PUT', resource.path, { body }))
  }
}

async function update(step: Extract<Step, { act: 'update' }>, backend: Backend): Promise<void> {
  const { resource, changes } = step
  const keys = new Set(changes.map(({ key }) => key))
  const changed = Object.fromEntries(Object.entries(resource.body).filter(([key]) => keys.has(key)))
  const withCode = keys.has('code') && resource.code ? codeField(resource.code.zip) : {}
  const answer = await backend.api.call('PUT', resource.path, {
    body: { ...backend.write(resource.kind, changed), ...withCode },
  })
  if (keys.has('code')) checkArrival(resource, answer)
}

function checkArrival({ label, code }: Resource, answer: Fields): void {
  const { codeChecksum } = answer
  if (!code || typeof codeChecksum !== 'string' || codeChecksum === code.checksum) return
  throw new DeployFailure('DAMAGED_UPLOAD', `the package of ${label} arrived damaged`)
}
