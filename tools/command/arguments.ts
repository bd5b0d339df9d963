import { parseArgs } from 'node:util'
import { type Command, type CommandName, commands } from './commands.js'

/** What a flag or an option was given; one without a default may be missing. */
type Values<Options extends Command['options']> = {
  [Name in keyof Options]:
    | (Options[Name]['type'] extends 'boolean' ? boolean : string)
    | (Options[Name] extends { default: boolean | string } ? never : undefined)
}

export interface Arguments<Name extends CommandName> {
  values: Values<(typeof commands)[Name]['options']>
  /** The words that are no options. */
  words: string[]
}

/** Arguments that a command does not take: `message` names them. */
export class WrongArguments extends Error {}

/** Reads the arguments of a command, or `'help'` where they ask for its usage. Throws {@link WrongArguments}. */
export function readArguments<Name extends CommandName>(
  name: Name,
  args: readonly string[],
): Arguments<Name> | 'help' {
  const { options, words: most = 0, firstWord }: Command = commands[name]
  const help = { help: { type: 'boolean', short: 'h' } } as const
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { ...options, ...help },
      allowPositionals: true,
    })
    if (values.help === true) return 'help'
    if (positionals.length > most) throw new Error(`unexpected: ${positionals.slice(most).join(' ')}`)
    mustBeOneOf('the first word', positionals[0], firstWord)
    const given: Readonly<Record<string, unknown>> = values
    for (const [option, { oneOf }] of Object.entries(options)) {
      mustBeOneOf(`--${option}`, given[option], oneOf)
    }
    return { values: values as Arguments<Name>['values'], words: positionals }
  } catch (error) {
    // Node.js adds how an argument that begins with a dash could be passed on, which no command here has.
    const [sentence = ''] = String((error as Error).message).split('. ')
    throw new WrongArguments(sentence)
  }
}

function mustBeOneOf(what: string, given: unknown, all: readonly unknown[] | undefined): void {
  if (given === undefined || all === undefined || all.includes(given)) return
  throw new Error(`${what}: expected one of ${all.join(', ')}`)
}

/** The process's exit code for arguments that a command does not take. */
export const WRONG_ARGUMENTS = 2

/** The arguments of a command; ends the process with its usage where they ask for it (0) or are wrong (2). */
export function argumentsOf<Name extends CommandName>(
  name: Name,
  args: readonly string[] = process.argv.slice(2),
): Arguments<Name> {
  try {
    const read = readArguments(name, args)
    if (read !== 'help') return read
    console.log(commands[name].usage)
    return process.exit(0)
  } catch (error) {
    if (!(error instanceof WrongArguments)) throw error
    console.error(`${error.message}\n\n${commands[name].usage}`)
    return process.exit(WRONG_ARGUMENTS)
  }
}

/** Milliseconds, from those or from a date and time. Throws when it is neither. */
export function timeIn(option: string, text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (!Number.isNaN(time)) return time
  throw new Error(`--${option} ${text} is no time; such as 2026-01-31T12:00:00+08:00`)
}
