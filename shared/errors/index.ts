export * from './error.js'
