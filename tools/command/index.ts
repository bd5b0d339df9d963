export { type Arguments, argumentsOf, readArguments, WRONG_ARGUMENTS, WrongArguments } from './arguments.js'
export { type Command, type CommandName, commands } from './commands.js'
export { printable, printableJson } from './printable.js'
