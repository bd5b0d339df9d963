export {
  type CloudFunction,
  type CloudFunctionOptions,
  callbackFunction,
  cloudFunction,
  serverFunction,
  timerFunction,
} from './cloudFunction.js'
export type { FunctionConfig, Group } from './config.js'
export { HOST, type Host } from './host.js'
