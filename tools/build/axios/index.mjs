import Axios from 'axios/unsafe/core/Axios.js'
import mergeConfig from 'axios/unsafe/core/mergeConfig.js'
import defaults from 'axios/unsafe/defaults/index.js'
import { adapter } from './adapter.mjs'

/** axios as the functions carry it along: its instances, over an adapter that loads at once. */
export default {
  create: (config) => new Axios(mergeConfig({ ...defaults, adapter }, config)),
}
