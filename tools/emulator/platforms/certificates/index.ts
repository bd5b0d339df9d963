export { issue, localAuthority, signCertificate } from './authority.js'
export { type KeyPair, keyPair, newKeyPair, oneLine, privatePem, publicPem } from './keys.js'
export { type MerchantFiles, merchantFiles } from './merchantFiles.js'
