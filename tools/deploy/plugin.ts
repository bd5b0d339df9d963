import { guarded } from './advice.js'
import { deployCommand, deployFunctionCommand } from './commands/deploy.js'
import { infoCommand } from './commands/info.js'
import { invokeCommand } from './commands/invoke.js'
import { invokeLocalCommand } from './commands/invokeLocal.js'
import { logsCommand } from './commands/logs.js'
import { packageCommand } from './commands/package.js'
import { removeCommand } from './commands/remove.js'
import { providerSchema } from './config/schema.js'
import type { Options, Serverless, Writers } from './framework.js'
import { checkOptions, commands } from './options.js'
import { openSession, type Session } from './session.js'

/** `provider.name` of serverless.yml. */
const PROVIDER = 'aliyun-fc'

/**
 * Alibaba Cloud Function Compute as a provider of Serverless Framework 3. Packing needs neither network nor
 * credentials; what does need them says so when it begins.
 */
export class FunctionComputePlugin {
  readonly commands = commands
  readonly hooks: Readonly<Record<string, () => Promise<void>>>
  /** What Serverless Framework asks for the provider's name. */
  readonly provider: object = this
  private session: Session | undefined

  static getProviderName(): string {
    return PROVIDER
  }

  constructor(
    private readonly serverless: Serverless,
    private readonly options: Options,
    private readonly writers: Writers,
  ) {
    serverless.setProvider(PROVIDER, this)
    serverless.configSchemaHandler.defineProvider(PROVIDER, providerSchema)
    const command = () => serverless.processedInput.commands.join(' ')
    const run = (work: (session: Session) => Promise<void>) => () => this.run(command(), work)
    this.hooks = {
      initialize: async () => checkOptions(command(), options),
      'before:package:createDeploymentArtifacts': run((session) => this.pack(session)),
      'deploy:deploy': run(deployCommand),
      'deploy:function:deploy': run(deployFunctionCommand),
      'info:info': run(infoCommand),
      'invoke:invoke': run(invokeCommand),
      'invoke:local:invoke': run(invokeLocalCommand),
      'logs:logs': run(logsCommand),
      'remove:remove': run(removeCommand),
    }
  }

  private async run(command: string, work: (session: Session) => Promise<void>): Promise<void> {
    this.session ??= openSession(this.serverless, this.options, this.writers, { shell: process.env })
    await guarded(this.session, `serverless ${command}`, work)
  }

  /** Names the artefacts, so that Serverless Framework makes none of its own. */
  private async pack(session: Session): Promise<void> {
    const paths = await packageCommand(session)
    for (const [key, entry] of Object.entries(this.serverless.service.functions)) {
      const artifact = paths.get(key)
      entry.package = artifact === undefined ? { disable: true } : { artifact }
    }
  }
}
