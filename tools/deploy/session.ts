import { type Clock, type Random, systemClock, systemRandom } from '../../shared/clock.js'
import { FunctionCompute2 } from './cloud/fc2.js'
import { FunctionCompute3 } from './cloud/fc3.js'
import type { Backend } from './cloud/resource.js'
import { patient } from './cloud/retry.js'
import { openSdk2 } from './cloud/sdk2.js'
import { openSdk3 } from './cloud/sdk3.js'
import { type Access, accessOf } from './config/access.js'
import { type Given, readGiven } from './config/given.js'
import { type Project, projectOf } from './config/project.js'
import { secretsOf } from './config/secrets.js'
import type { Options, Serverless, Writers } from './framework.js'
import { type Package, packAll } from './package/packages.js'
import { type Unit, unitsOf } from './units.js'

/** One run of a command: everything it may need, made when it is first needed. */
export interface Session {
  project: Project
  given: Given
  options: Options
  units: readonly Unit[]
  clock: Clock
  /** All functions, packed once. */
  packages(): Promise<ReadonlyMap<string, Package>>
  /** Throws a failure that says what is missing when there is no access to the cloud. */
  access(): Access
  backend(): Backend
  /** The same stage on Function Compute 2.0, where this deploys to 3.0. */
  former(): Backend | undefined
  /** For people, on standard error; secrets masked. */
  say(text: string): void
  /** What is under way, where somebody watches. */
  progress(text: string): void
  /** The result, on standard output. */
  answer(text: string): void
  /** Masks what must not be shown. */
  masked(text: string): string
}

export interface SessionDependencies {
  shell: NodeJS.ProcessEnv
  clock?: Clock
  random?: Random
}

/** Reads the project and the settings. Throws {@link DeployFailure}. */
export function openSession(
  serverless: Serverless,
  options: Options,
  writers: Writers,
  { shell, clock = systemClock, random = systemRandom }: SessionDependencies,
): Session {
  const project = projectOf(serverless, options)
  const given = readGiven(project.folder, project.stage, shell)
  const secrets = secretsOf(given)
  const masked = (text: string) => hidden(text, secrets)
  const say = (text: string) => writers.log.notice(masked(text))
  const progress = writers.progress.get('main')
  for (const warning of given.warnings) say(`Warning: ${warning}`)
  const access = once(() => accessOf(given, project.provider.region))
  return {
    ...{ project, given, options, clock, access, say, masked },
    units: unitsOf(project, given),
    packages: once(() => packAll(project, given)),
    backend: once(() => openBackend(project, access(), { clock, random, say })),
    former: once(() =>
      project.fc === 3 ? openBackend({ ...project, fc: 2 }, access(), { clock, random, say }) : undefined,
    ),
    progress: (text) => progress.update(masked(text)),
    answer: (text) => writers.writeText(text),
  }
}

const SHORTEST_SECRET = 6

/** Shorter values would hide parts of words, and are no secrets. */
function hidden(text: string, secrets: readonly string[]): string {
  const longEnough = secrets.filter(({ length }) => length >= SHORTEST_SECRET)
  return longEnough.reduce((masked, secret) => masked.replaceAll(secret, '***'), text)
}

function openBackend(
  project: Project,
  access: Access,
  { clock, random, say }: { clock: Clock; random: Random; say: (text: string) => void },
): Backend {
  const dependencies = {
    ...{ clock, random },
    onWait: (error: Error, waitMs: number) =>
      say(`  ${error.message || 'no answer'}: trying again in ${(waitMs / 1000).toFixed(1)} s`),
  }
  if (project.fc === 2) return new FunctionCompute2(project, access, patient(openSdk2(access), dependencies))
  return new FunctionCompute3(project, patient(openSdk3(access), dependencies))
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
