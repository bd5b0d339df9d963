/** The published Alibaba SDK as a judge. The demo's merchant calls with the same one, so it lives beside the demo. */
export { type Fc2Client, openFc2 } from '../../tools/demo/fcClient.js'
