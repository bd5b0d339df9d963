export {
  type CloudFunction,
  callbackFunction,
  cloudFunction,
  serverFunction,
  timerFunction,
} from './cloudFunction.js'
export { HOST, type Host } from './host.js'
