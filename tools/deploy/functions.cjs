const { readFileSync } = require('node:fs')
const { join } = require('node:path')

/**
 * The `functions` of serverless.yml, from what the bundles said of themselves when they were built. CommonJS, since
 * Serverless Framework 3 takes nothing else for `${file(...)}`.
 */
module.exports = () =>
  Object.fromEntries(readList(join('dist', 'functions.json')).map((config) => [config.name, entryOf(config)]))

function entryOf({ name, title, group, reach, path, every, at, memory, timeout, settings }) {
  return {
    name,
    description: title.en,
    group,
    reach,
    path,
    source: join('dist', 'functions', name),
    handler: 'index.handler',
    memorySize: memory,
    timeout,
    settings: [...settings],
    events: [
      ...(every === undefined ? [] : [{ timer: at === undefined ? { every } : dailyAt(at) }]),
      ...(reach === 'callback' ? [{ http: { methods: ['GET', 'POST'] } }] : []),
    ],
  }
}

/** As on uniCloud: three times, ten minutes apart, so that a run goes on that its time limit cut. */
function dailyAt(at) {
  const [hour, minute] = at.split(':').map(Number)
  const minutes = [0, 10, 20].map((later) => minute + later).join()
  return { cron: `0 ${minutes} ${hour} * * *`, timeZone: 'Asia/Shanghai' }
}

function readList(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    const failure = new Error(`${file} is missing or cannot be read: run npm run build first`)
    // Serverless prints the stack of what a file throws; there is nothing to look for in this one.
    failure.stack = failure.message
    throw failure
  }
}
