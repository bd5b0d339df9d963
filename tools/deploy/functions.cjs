const { readFileSync } = require('node:fs')
const { join } = require('node:path')

/**
 * The `functions` of serverless.yml, from what the bundles said of themselves when they were built. CommonJS, since
 * Serverless Framework 3 takes nothing else for `${file(...)}`.
 */
module.exports = () =>
  Object.fromEntries(readList(join('dist', 'functions.json')).map((config) => [config.name, entryOf(config)]))

function entryOf({ name, title, group, reach, path, every, memory, timeout, settings }) {
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
      ...(every === undefined ? [] : [{ timer: { every } }]),
      ...(reach === 'callback' ? [{ http: { methods: ['GET', 'POST'] } }] : []),
    ],
  }
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
