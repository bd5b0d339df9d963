/** The published uniCloud client as a judge. The demo plays with the same one, so it lives beside the demo. */
export {
  type MiniProgram,
  openMiniProgram,
} from '../../tools/demo/miniProgram.js'
