export type { LocalCloudOptions } from './host.js'
export { fcServiceOf, LOCAL_ACCESS, LOCAL_SPACE } from './limits.js'
export { type LocalCloud, startLocalCloud } from './localCloud.js'
