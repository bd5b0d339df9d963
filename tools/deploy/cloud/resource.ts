import type { Project } from '../config/project.js'
import type { Package } from '../package/packages.js'
import type { Unit } from '../units.js'
import type { Api, Fields } from './api.js'

/**
 * One thing in the cloud, as it is to be. Both versions of the API treat them alike: POST to `collection` with
 * `identity` and `body` makes it, GET, PUT and DELETE on `path` read, change and remove it; a PUT changes only what it
 * names.
 */
export interface Resource {
  kind: Kind
  /** What people call it. */
  label: string
  collection: string
  path: string
  identity: Fields
  body: Fields
  /** Functions alone. */
  code?: Package
}

export type Kind = 'service' | 'function' | 'trigger' | 'domain'

/** What is deployed, as far as it is known to be ours. */
export interface Deployed {
  kind: 'service' | 'function'
  label: string
  path: string
  /** Keys that a function can have in serverless.yml. */
  keys: readonly string[]
  /** How many functions a service holds, whoever made them. */
  holds?: number
}

/** One version of Function Compute. */
export interface Backend {
  title: string
  api: Api
  services(units: readonly Unit[]): Resource[]
  functionOf(unit: Unit, code: Package): Resource
  triggersOf(unit: Unit): Resource[]
  functionPath(unit: Unit): string
  /** A route of the custom domain. */
  routeOf(unit: Unit, path: string): Fields
  /** Whether a route of the custom domain leads to this deployment. */
  isOurRoute(route: Fields): boolean
  /** Keys that the function behind a route of ours can have in serverless.yml. */
  keysBehind(route: Fields): readonly string[]
  /** A thing as the API shows it, in the form in which {@link Resource.body} says it. */
  read(kind: Kind, answer: Fields): Fields
  /** The reverse, for sending. */
  write(kind: Kind, body: Fields): Fields
  /** Services and functions of this project and stage. */
  deployed(): Promise<Deployed[]>
  /** Where URL calls arrive; undefined while the cloud has not said so. */
  urlOf(unit: Unit, trigger: Fields | undefined): string | undefined
  /** Where the logs of a function are found. */
  logQuery(unit: Unit): { topic: string; query: string }
}

/** What a description ends with, so that nothing foreign is ever removed. */
const markOf = ({ name, stage }: Project): string => ` [${name}/${stage}]`

const DESCRIPTION_LENGTH = 256

/** `text` and the mark of the project, as a description. */
export const marked = (project: Project, text: string): string =>
  text.slice(0, DESCRIPTION_LENGTH - markOf(project).length) + markOf(project)

export const isMarked = (project: Project, { description }: Fields): boolean =>
  typeof description === 'string' && description.endsWith(markOf(project))

/** The part of a function's body that both versions share. */
export const functionBody = (project: Project, { entry }: Unit, variables: object): Fields => ({
  description: marked(project, entry.description ?? ''),
  runtime: entry.runtime ?? project.provider.runtime ?? 'nodejs20',
  handler: entry.handler ?? 'index.handler',
  memorySize: entry.memorySize ?? 256,
  timeout: entry.timeout ?? 20,
  environmentVariables: variables,
})

/** Triggers of the function at `path`, alike in both versions but for what `more` identifies them by. */
export const triggerResources = ({ name, triggers }: Unit, path: string, more: Fields = {}): Resource[] =>
  triggers.map((trigger) => ({
    kind: 'trigger',
    label: `${name} ${trigger.name}`,
    collection: `${path}/triggers`,
    path: `${path}/triggers/${trigger.name}`,
    identity: { triggerName: trigger.name, triggerType: trigger.type, ...more },
    body: { triggerConfig: trigger.config },
  }))

/** Role, network and log of functions: on FC 2.0 a service's, on FC 3.0 each function's own. */
export const roleNetworkAndLog = ({ provider }: Project): Fields => ({
  role: provider.role ?? '',
  internetAccess: provider.internetAccess ?? true,
  logConfig: { project: provider.log?.project ?? '', logstore: provider.log?.store ?? '' },
  vpcConfig: {
    vpcId: provider.vpc?.vpcId ?? '',
    vSwitchIds: provider.vpc?.vSwitchIds ?? [],
    securityGroupId: provider.vpc?.securityGroupId ?? '',
  },
})
