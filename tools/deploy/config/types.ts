import type { SettingName } from '../../../shared/config/index.js'
import type { Reach } from '../../../shared/operation/index.js'

/** `provider` of serverless.yml; the schema beside this file explains each key. */
export interface ProviderConfig {
  name: string
  stage: string
  fc?: 2 | 3
  region: string
  runtime?: Runtime
  prefix?: string
  only?: readonly string[]
  functionsPerService?: number
  environment?: Variables
  role?: string
  log?: { project: string; store: string }
  vpc?: { vpcId: string; vSwitchIds: readonly string[]; securityGroupId: string }
  internetAccess?: boolean
  timeZone?: string
  domain?: DomainConfig
}

type Runtime = 'nodejs18' | 'nodejs20'

export type Variables = Readonly<Record<string, string>>

export interface DomainConfig {
  name: string
  protocol?: 'HTTP' | 'HTTPS' | 'HTTP,HTTPS'
  path?: string
  certificate?: { name: string; file: string; keyFile: string }
}

/** One entry of `functions`. */
export interface FunctionEntry {
  /** Serverless Framework fills it in; what a function is called in the cloud follows from its key. */
  name?: string
  description?: string
  group?: string
  reach?: Reach
  path?: string
  source?: string
  handler?: string
  runtime?: Runtime
  memorySize?: number
  cpu?: number
  timeout?: number
  environment?: Variables
  settings?: readonly SettingName[]
  events: readonly (TimerEvent | HttpEvent)[]
}

export interface TimerEvent {
  timer: TimerConfig | string
}

export interface TimerConfig {
  every?: string
  cron?: string
  timeZone?: string
  payload?: string
  enabled?: boolean
}

export interface HttpEvent {
  http: HttpConfig
}

export interface HttpConfig {
  auth?: 'anonymous' | 'function'
  methods?: readonly HttpMethod[]
}

type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD' | 'OPTIONS'
