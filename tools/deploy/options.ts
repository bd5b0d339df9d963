import { DeployFailure } from './failure.js'
import type { Options } from './framework.js'

const group = { usage: 'Only these groups or functions, separated by commas', type: 'string' }
const prune = { usage: 'Also remove functions that the project does not name any more', type: 'boolean' }
const dryRun = { usage: 'Show the plan and change nothing', type: 'boolean' }

/** Options that the plugin adds to the commands of Serverless Framework. */
export const commands = {
  package: { options: { group } },
  deploy: {
    options: { group, prune, 'dry-run': dryRun },
    commands: { function: { options: { 'dry-run': dryRun } } },
  },
  info: { options: { group } },
  remove: { options: { 'dry-run': dryRun } },
} as const

const EVERYWHERE = ['stage', 'config', 'param', 'verbose', 'debug', 'help', 'version']

/** The options that each command takes. Serverless Framework offers more, made for another cloud. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  package: ['package', 'group'],
  deploy: ['group', 'dry-run', 'prune', 'force'],
  'deploy function': ['function', 'dry-run', 'force', 'update-config'],
  info: ['group'],
  invoke: ['function', 'data', 'path', 'raw', 'type', 'log'],
  'invoke local': ['function', 'data', 'path', 'raw', 'env'],
  logs: ['function', 'tail', 'startTime', 'filter', 'interval'],
  remove: ['dry-run'],
}

/** Throws {@link DeployFailure} for an option that would be ignored: whoever gave it meant something by it. */
export function checkOptions(command: string, options: Options): void {
  const taken = TAKEN[command]
  if (taken === undefined) return
  const ignored = Object.keys(options).filter((name) => !taken.includes(name) && !EVERYWHERE.includes(name))
  if (ignored.length === 0) return
  throw new DeployFailure(
    'UNSUPPORTED_OPTION',
    `serverless ${command} knows no --${ignored.join(', --')} on Function Compute. It takes: --${taken.join(', --')}`,
  )
}
