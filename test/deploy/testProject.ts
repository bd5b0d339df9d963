import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import type { Clock } from '../../shared/clock.js'
import { guarded } from '../../tools/deploy/advice.js'
import type { FunctionEntry, ProviderConfig } from '../../tools/deploy/config/types.js'
import { DeployFailure } from '../../tools/deploy/failure.js'
import type { Options, Serverless } from '../../tools/deploy/framework.js'
import { crc64 } from '../../tools/deploy/package/crc64.js'
import { openSession, type Session } from '../../tools/deploy/session.js'
import type { StoredFunction } from './cloud/functions.js'
import { ACCOUNT, type StandIn } from './cloud/index.js'

/** A project on this machine, deployed in this process: everything but Serverless Framework itself is real. */
export interface TestProject {
  folder: string
  functions: Record<string, FunctionEntry>
  provider: ProviderConfig
  /** Settings and access, as a shell has them. */
  shell: Record<string, string>
  write(path: string, text: string): void
  /** A built function that answers with its variables. */
  build(name: string, code?: string): void
  run(command: (session: Session) => Promise<unknown>, options?: Options): Promise<Heard>
}

interface Heard {
  /** Standard output. */
  answered: string
  /** Standard error. */
  printed: string
  failure?: string
}

/** Waits cost nothing: they are noted. */
export function quickClock(waits: number[] = []): Clock {
  return {
    now: () => Date.now(),
    sleep: async (ms) => {
      waits.push(ms)
    },
  }
}

export const entry = (changes: Partial<FunctionEntry> = {}): FunctionEntry => ({
  ...{ group: 'weixin', reach: 'server', memorySize: 256, timeout: 20, events: [], settings: [] },
  ...changes,
})

export function testProject(
  t: Test,
  cloud: StandIn,
  fc: 2 | 3 = 2,
  clock: Clock = quickClock(),
): TestProject {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const made: TestProject = {
    ...{ folder, functions: {}, shell: accessTo(cloud) },
    provider: { name: 'aliyun-fc', stage: 'dev', region: 'cn-hangzhou', fc },
    write(path, text) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    },
    build(name, code = 'exports.handler = async () => process.env') {
      made.write(`dist/functions/${name}/index.js`, code)
      made.write(`dist/functions/${name}/package.json`, '{ "type": "commonjs" }')
      made.functions[name] ??= entry()
    },
    run: (command, options = {}) => run(made, clock, command, options),
  }
  return made
}

export const accessTo = ({ url }: StandIn): Record<string, string> => ({
  ALIBABA_CLOUD_ACCOUNT_ID: ACCOUNT.accountId,
  ALIBABA_CLOUD_ACCESS_KEY_ID: ACCOUNT.accessKeyId,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: ACCOUNT.accessKeySecret,
  ALIBABA_CLOUD_FC_ENDPOINT: url,
  ALIBABA_CLOUD_LOG_ENDPOINT: url,
})

async function run(
  { folder, functions, provider, shell }: TestProject,
  clock: Clock,
  command: (session: Session) => Promise<unknown>,
  options: Options,
): Promise<Heard> {
  const lines = { answered: [] as string[], printed: [] as string[] }
  const say = (text: string) => lines.printed.push(text)
  const serverless: Serverless = {
    serviceDir: folder,
    service: { service: 'unicloud-openapi', provider, functions },
    configSchemaHandler: { defineProvider: () => undefined },
    processedInput: { commands: [] },
    setProvider: () => undefined,
  }
  const writers = {
    log: { notice: say, warning: say, info: say },
    progress: { get: () => ({ update: () => undefined, remove: () => undefined }) },
    writeText: (text: string) => lines.answered.push(text),
  }
  let failure: string | undefined
  try {
    await guarded(openSession(serverless, options, writers, { shell, clock }), 'the command', command)
  } catch (error) {
    if (!(error instanceof DeployFailure)) throw error
    failure = error.message
  }
  const heard = { answered: lines.answered.join('\n'), printed: lines.printed.join('\n') }
  return failure === undefined ? heard : { ...heard, failure }
}

/** Everything the cloud holds, packages by their checksums, for comparison. */
export function stateOf({ fc2, fc3 }: StandIn): unknown {
  const functions = (all: ReadonlyMap<string, StoredFunction>) =>
    Object.fromEntries(
      [...all]
        .sort()
        .map(([name, { fields, zip, triggers }]) => [
          name,
          { fields: filled(fields), code: crc64(zip), triggers: Object.fromEntries([...triggers].sort()) },
        ]),
    )
  const services = [...fc2.services]
    .sort()
    .map(([name, service]) => [
      name,
      { fields: filled(service.fields), functions: functions(service.functions) },
    ])
  return structuredClone({
    services: Object.fromEntries(services),
    functions: functions(fc3.functions),
    domains: Object.fromEntries([...fc2.domains, ...fc3.domains]),
  })
}

/** Nothing and an empty something are the same to Function Compute. */
const filled = (fields: Record<string, unknown>): object =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => !/^(""|\[\]|\{\})$/.test(JSON.stringify(value))),
  )

/** A function of either version, by its name in the project. */
export function functionIn({ fc2, fc3 }: StandIn, name: string): StoredFunction {
  const found =
    [...fc2.services.values()].flatMap(({ functions }) => functions.get(name) ?? [])[0] ??
    fc3.functions.get(`openapi-dev-${name}`)
  if (!found) throw new Error(`${name} is not in the cloud`)
  return found
}

/** What was done to the cloud since the last look, in short: `PUT plain code`, `DELETE hourly/triggers/timer`. */
export const changesTo = (cloud: StandIn): string[] =>
  cloud.changes().map((call) =>
    call
      .replace(/ \/\d{4}-\d\d-\d\d\//, ' ')
      .replace(/services\/[^/]+\/functions/, 'functions')
      .replace(/functions\/(openapi-[a-z]+-)?/, ''),
  )
