export * from './certificate.js'
export * from './ciphers.js'
export * from './digest.js'
export * from './rsa.js'
