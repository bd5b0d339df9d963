export { XmlError } from './characters.js'
export * from './read.js'
export * from './write.js'
