export * from './context.js'
export * from './operation.js'
export { validate } from './validate.js'
