export { type LocalCloud, startLocalCloud } from './localCloud.js'
export type { LocalCloudOptions } from './options.js'
