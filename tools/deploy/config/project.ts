import { DeployFailure } from '../failure.js'
import { type Options, type Serverless, textOption } from '../framework.js'
import { STAGE } from './schema.js'
import type { FunctionEntry, ProviderConfig } from './types.js'

/** What serverless.yml and the command line ask for. */
export interface Project {
  /** `service` of serverless.yml. */
  name: string
  stage: string
  fc: 2 | 3
  folder: string
  provider: ProviderConfig
  /** By key; those that are left out are not here. */
  functions: ReadonlyMap<string, Required<Pick<FunctionEntry, 'group'>> & FunctionEntry>
  /** Only some groups were asked for on the command line: what is deployed besides is left alone. */
  isPartial: boolean
}

export type ProjectFunction = Project['functions'] extends ReadonlyMap<string, infer Entry> ? Entry : never

/** The group of a function that names none. */
const DEFAULT_GROUP = 'core'

/** Reads what Serverless Framework has checked against our schemas. Throws {@link DeployFailure}. */
export function projectOf({ service, serviceDir }: Serverless, options: Options): Project {
  const { provider } = service
  const all = Object.entries(service.functions).map(([key, entry]): [string, ProjectFunction] => [
    key,
    { ...entry, group: entry.group ?? DEFAULT_GROUP },
  ])
  const chosen = choose(all, 'provider.only', provider.only)
  const groups = textOption(options, 'group')?.split(',')
  return {
    name: service.service,
    stage: checkedStage(textOption(options, 'stage') ?? provider.stage),
    fc: provider.fc ?? 3,
    folder: serviceDir,
    provider,
    functions: new Map(choose(chosen, '--group', groups)),
    isPartial: groups !== undefined,
  }
}

/** The schema sees the stage of serverless.yml alone. */
function checkedStage(stage: string): string {
  if (new RegExp(STAGE).test(stage)) return stage
  throw new DeployFailure(
    'INVALID_STAGE',
    `${stage} is no stage: lower-case letters and digits, a letter first, at most 16`,
  )
}

function choose(
  all: readonly [string, ProjectFunction][],
  where: string,
  wanted: readonly string[] | undefined,
): [string, ProjectFunction][] {
  if (wanted === undefined) return [...all]
  const matches = (name: string) => all.filter(([key, { group }]) => key === name || group === name)
  const unknown = wanted.filter((name) => matches(name).length === 0)
  if (unknown.length > 0) {
    const groups = [...new Set(all.map(([, { group }]) => group))].sort().join(', ')
    throw new DeployFailure(
      'UNKNOWN_FUNCTION',
      `${where} names ${unknown.join(', ')}, which is neither a function nor a group. Groups: ${groups}`,
    )
  }
  return all.filter(([key, { group }]) => wanted.includes(key) || wanted.includes(group))
}

/** The function a command names with `-f`. Throws {@link DeployFailure} that lists what there is. */
export function functionNamed({ functions }: Project, options: Options): [string, ProjectFunction] {
  const key = textOption(options, 'function') ?? ''
  const entry = functions.get(key)
  if (entry) return [key, entry]
  const near = [...functions.keys()].filter((name) => name.toLowerCase().includes(key.toLowerCase()))
  const known = near.length > 0 && near.length < 10 ? near : [...functions.keys()]
  throw new DeployFailure('UNKNOWN_FUNCTION', `There is no function ${key}. There are: ${known.join(', ')}`)
}
