const { parentPort, workerData } = require('node:worker_threads')

/** Runs one bundle once, as Function Compute does: event as bytes, context with an identity. */
const { file, event, context } = workerData

const asText = (value) => {
  if (Buffer.isBuffer(value)) return value.toString()
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '')
}

Promise.resolve()
  .then(() => require(file).handler(Buffer.from(event), { requestId: 'local', ...context }))
  .then(
    (value) => parentPort.postMessage({ result: asText(value) }),
    (error) => parentPort.postMessage({ error: error instanceof Error ? error.stack : String(error) }),
  )
