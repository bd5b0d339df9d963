export type { Bilingual, ErrorMeanings, Meaning } from '../errors/index.js'
export * from './context.js'
export * from './operation.js'
export { validate } from './validate.js'
