export { type Gateway, startGateway } from './gateway.js'
export type { GatewayOptions } from './options.js'
