export { issue, localAuthority } from './authority.js'
export {
  type KeyPair,
  keyPair,
  oneLine,
  privatePem,
  publicPem,
  seededHex,
  serialNoOf,
} from './keys.js'
export { type MerchantFiles, merchantFiles } from './merchantFiles.js'
