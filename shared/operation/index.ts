export * from './context.js'
export * from './operation.js'
export { unread } from './unread.js'
export { validate } from './validate.js'
