export * from './http.js'
export * from './repeat.js'
