import { settingInfo } from '../../../shared/config/index.js'

/** Schemas of every key that the provider adds to serverless.yml, as `defineProvider` takes them. */

const text = { type: 'string', minLength: 1 }
const strict = (properties: object, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

/** Without a dash: it is the last part of a service's name, and has to be told from the rest. */
export const STAGE = '^[a-z][a-z0-9]{0,15}$'

const runtime = { enum: ['nodejs18', 'nodejs20'] }
/** Letters, digits and underscores, the first one a letter; `FC_` is the platform's own. */
const environment = {
  type: 'object',
  patternProperties: { '^(?!FC_)[A-Za-z][A-Za-z0-9_]*$': { type: 'string' } },
  additionalProperties: false,
}
const every = { type: 'string', pattern: '^[1-9][0-9]*[mhd]$' }

const domain = strict(
  {
    name: { type: 'string', pattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)+$' },
    protocol: { enum: ['HTTP', 'HTTPS', 'HTTP,HTTPS'] },
    path: { type: 'string', pattern: '^(/[A-Za-z0-9_-]+)+$' },
    certificate: strict({ name: text, file: text, keyFile: text }, ['name', 'file', 'keyFile']),
  },
  ['name'],
)

const timer = strict({
  every,
  cron: text,
  timeZone: text,
  payload: { type: 'string', maxLength: 131072 },
  enabled: { type: 'boolean' },
})

const http = strict({
  auth: { enum: ['anonymous', 'function'] },
  methods: {
    type: 'array',
    items: { enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] },
    minItems: 1,
    uniqueItems: true,
  },
})

export const providerSchema = {
  provider: {
    properties: {
      stage: { type: 'string', pattern: STAGE },
      fc: { enum: [2, 3] },
      region: { type: 'string', pattern: '^[a-z]{2}-[a-z0-9-]+$' },
      runtime,
      prefix: { type: 'string', pattern: '^[A-Za-z_][A-Za-z0-9_-]*$' },
      only: { type: 'array', items: text, minItems: 1, uniqueItems: true },
      functionsPerService: { type: 'integer', minimum: 1 },
      environment,
      role: { type: 'string', pattern: '^acs:ram::[0-9]+:role/.+$' },
      log: strict({ project: text, store: text }, ['project', 'store']),
      vpc: strict(
        { vpcId: text, vSwitchIds: { type: 'array', items: text, minItems: 1 }, securityGroupId: text },
        ['vpcId', 'vSwitchIds', 'securityGroupId'],
      ),
      internetAccess: { type: 'boolean' },
      timeZone: text,
      domain,
    },
    required: ['region'],
  },
  function: {
    properties: {
      description: { type: 'string' },
      group: { type: 'string', pattern: '^[a-z][a-z0-9-]*$' },
      reach: { enum: ['client', 'optIn', 'server', 'callback'] },
      path: { type: 'string', pattern: '^/[A-Za-z0-9_/-]+$' },
      source: text,
      handler: { type: 'string', pattern: '^[\\w./-]+\\.\\w+$' },
      runtime,
      memorySize: { type: 'integer', minimum: 128, maximum: 32768, multipleOf: 64 },
      cpu: { type: 'number', minimum: 0.05, maximum: 16 },
      timeout: { type: 'integer', minimum: 1, maximum: 86400 },
      environment,
      settings: { type: 'array', items: { enum: Object.keys(settingInfo) } },
    },
  },
  functionEvents: { timer: { anyOf: [every, timer] }, http },
}
