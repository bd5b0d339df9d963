import { parseArgs } from 'node:util'
import { playPayment } from './play.js'
import { type Stage, setStage } from './stage.js'
import { storyIn } from './story.js'

/** `npm run demo [-- --json]`: one whole payment on this machine. Exits with 0, or with 1 and the step that failed. */

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const { NO_COLOR, TERM } = process.env

const story = storyIn({
  json: values.json,
  colour: process.stdout.isTTY && !NO_COLOR && TERM !== 'dumb',
  print: (line) => console.log(line),
})

let stage: Stage | undefined
try {
  stage = await setStage('dist')
  await playPayment(stage, story)
} catch (error) {
  story.failed(error, stage?.lines ?? [])
  process.exitCode = 1
} finally {
  await stage?.close()
}
