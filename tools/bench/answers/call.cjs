'use strict'
// `node call.cjs INDEX`: loads a function, makes the call on standard input, and writes what it took and answered:
// processor time and time, in milliseconds, from before it was loaded until its answer.
const { event, context } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
console.log = () => undefined
const [startedAt, before] = [process.hrtime.bigint(), process.cpuUsage()]
const answered = (answer) => {
  const { user, system } = process.cpuUsage(before)
  const ms = Number(process.hrtime.bigint() - startedAt) / 1e6
  process.stdout.write(JSON.stringify({ cpu: (user + system) / 1e3, ms, answer }), () => process.exit(0))
}
Promise.resolve(require(process.argv[2]).main(event, context)).then(answered, (error) =>
  answered({ errCode: String(error) }),
)
