import { type GivenSettings, givenSettings } from './given.js'

/** What the commands that look at settings have in common. */

export const settingsOptions = {
  lang: { type: 'string' },
  stage: { type: 'string', default: 'dev' },
  env: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

export const SETTINGS_USAGE = `  --lang en|zh     the language; by default the shell's
  --stage <name>   reads .env and .env.<name>; dev by default, as serverless deploy
  --env <file>     reads this file instead: like .env, or a JSON object (config.json of uni-config-center)
`

/** The settings that `--stage` and `--env` choose. Throws when a file cannot be read. */
export const chosenSettings = ({
  stage,
  env: file,
}: {
  stage: string
  env?: string | undefined
}): GivenSettings =>
  givenSettings({ folder: process.cwd(), stage, shell: process.env, ...(file === undefined ? {} : { file }) })

/** Runs a command and exits with what it answers; with 2, and how it is called, when it throws. */
export async function runCommand(usage: string, main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main()
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    console.error(usage)
    process.exitCode = 2
  }
}
