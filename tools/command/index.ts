export {
  type Arguments,
  argumentsOf,
  readArguments,
  timeIn,
  WRONG_ARGUMENTS,
  WrongArguments,
} from './arguments.js'
export { type Command, type CommandName, commands } from './commands.js'
export { printable, printableJson } from './printable.js'
export { progressBar, takesColours } from './terminal.js'
