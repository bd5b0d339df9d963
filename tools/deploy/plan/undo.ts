import { type Api, type Fields, ifThere } from '../cloud/api.js'
import type { Backend } from '../cloud/resource.js'
import { codeField } from './code.js'
import { formerOf } from './differences.js'
import type { Step } from './steps.js'

/** A step that was done, or begun, and what is needed to take it back. */
export interface Done {
  step: Exclude<Step, { act: 'delete' }>
  /** The package that was there before; undefined when it could not be had. */
  formerCode?: Buffer | undefined
}

/**
 * Takes one step back: what was made goes, what was changed becomes what it was. A function whose former package could
 * not be had stays whole as it is now: new code under former settings would be neither.
 */
export async function undo(backend: Backend, { step, formerCode }: Done): Promise<void> {
  const { resource } = step
  if (step.act === 'create') return await removeAll(backend.api, resource.kind, resource.path)
  if (!formerCode && step.changes.some(({ key }) => key === 'code')) {
    throw new Error('its former code could not be downloaded, so it keeps the new one')
  }
  const former = Object.fromEntries(
    step.changes
      .filter(({ key }) => key !== 'code')
      .map(({ key }) => [key, formerOf(key, resource.body[key], step.before[key])]),
  )
  const body: Fields = {
    ...backend.write(resource.kind, former),
    ...(formerCode ? codeField(formerCode) : {}),
  }
  if (Object.keys(body).length > 0) await backend.api.call('PUT', resource.path, { body })
}

/** What somebody made inside since then goes with it. */
async function removeAll(api: Api, kind: string, path: string): Promise<void> {
  if (kind === 'function') {
    const { triggers = [] } = ((await ifThere(api.call('GET', `${path}/triggers`))) ?? {}) as {
      triggers?: Fields[]
    }
    for (const { triggerName } of triggers) {
      await ifThere(api.call('DELETE', `${path}/triggers/${String(triggerName)}`))
    }
  }
  await ifThere(api.call('DELETE', path))
}
