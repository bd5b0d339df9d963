export { issue, localAuthority, signCertificate } from './authority.js'
export {
  type KeyPair,
  keyPair,
  newKeyPair,
  oneLine,
  privatePem,
  publicPem,
  seededHex,
  serialNoOf,
} from './keys.js'
export { type MerchantFiles, merchantFiles } from './merchantFiles.js'
