import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FunctionConfig } from '../../shared/runtime/config.js'
import { DIST } from './space.js'

/** What `npm run build` says of the functions it built. */
export const readFunctions = (): FunctionConfig[] =>
  JSON.parse(readFileSync(join(DIST, 'functions.json'), 'utf8')) as FunctionConfig[]
