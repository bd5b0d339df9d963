/** The published Alibaba SDK as a judge. The demo's merchant calls with the same one, so it lives beside the demo. */
export { openFc2 } from '../../tools/demo/calls.js'
